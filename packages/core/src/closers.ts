/** Things to release, in the reverse order of their acquisition. */
export interface Closers {
  add(close: () => void | Promise<void>): void;
  /** Releases everything once, even where one of them fails; throws the first failure. */
  close(): Promise<void>;
}

export const createClosers = (): Closers => {
  const closers: (() => void | Promise<void>)[] = [];
  let closed: Promise<void> | undefined;
  const closeAll = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const close of closers.reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  return {
    add: (close) => {
      closers.push(close);
    },
    close: () => {
      closed ??= closeAll();
      return closed;
    },
  };
};
