/** What a composition root has started, to be undone. */
export interface Closers {
  add(close: () => void | Promise<void>): void;
  /** Undoes everything, last first, once; goes on when something fails, and fails with that in the end. */
  close(): Promise<void>;
}

export const closers = (): Closers => {
  const all: (() => void | Promise<void>)[] = [];
  let closed: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const close of all.reverse()) {
      try {
        await close();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  };
  return {
    add: (close) => all.push(close),
    close: () => {
      closed ??= run();
      return closed;
    },
  };
};
