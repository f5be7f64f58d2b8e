/** Lets others wait until whatever goes on has ended. */
export interface Gate {
  during<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when nothing goes on of what went on when it was asked. Never rejects. */
  settled(): Promise<void>;
}

export const createGate = (): Gate => {
  const running = new Set<Promise<unknown>>();
  return {
    during: async (work) => {
      const result = work();
      running.add(result);
      try {
        return await result;
      } finally {
        running.delete(result);
      }
    },
    settled: async () => {
      await Promise.allSettled(running);
    },
  };
};
