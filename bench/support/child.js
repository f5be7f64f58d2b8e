/**
 * The child's side of `startChild`: answers commands one after the other as they come, and ends with the parent.
 *
 * @param {Readonly<Record<string, (argument: any) => unknown>>} commands
 * @param {() => Promise<void>} [close] Called before the end.
 */
export const serve = (commands, close = async () => {}) => {
  process.on('message', async (/** @type {any} */ { id, command, argument }) => {
    try {
      const work = commands[command];
      if (work === undefined) throw new Error(`unknown command ${command}`);
      reply({ id, result: await work(argument) });
    } catch (error) {
      reply({ id, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  process.once('disconnect', () => {
    close().finally(() => process.exit(0));
  });
  // Ctrl-C reaches the whole group; the parent decides.
  process.on('SIGINT', () => {});
};

/** @param {object} message */
const reply = (message) => {
  if (process.connected) process.send?.(message);
};

/** CPU time of this process in seconds, user and system, all threads. */
export const cpuSeconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

/** How often memory is collected before it is counted, and how long V8 gets to give pages back, in milliseconds. */
const COLLECTIONS = 4;
const COLLECTION_PAUSE = 50;

/** Resident memory after garbage collection, in bytes. Needs `--expose-gc`. */
export const settledMemory = async () => {
  for (let round = 0; round < COLLECTIONS; round += 1) {
    globalThis.gc?.();
    await new Promise((resolve) => setTimeout(resolve, COLLECTION_PAUSE));
  }
  return process.memoryUsage.rss();
};
