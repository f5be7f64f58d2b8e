/** Between two looks, in milliseconds. */
const PAUSE = 100;

/** @param {number} milliseconds */
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Waits until `condition` holds.
 *
 * @param {string} what For the error.
 * @param {number} limit Longest wait, in milliseconds.
 * @param {() => Promise<boolean>} condition
 */
export const until = async (what, limit, condition) => {
  const started = performance.now();
  while (!(await condition())) {
    if (performance.now() - started > limit) throw new Error(`Waited ${limit} ms in vain until ${what}`);
    await pause(PAUSE);
  }
};

/**
 * Waits until a process has nothing more to do.
 *
 * @param {import('./children.js').Child} child One that answers `cpu`.
 */
export const untilQuiet = async (child) => {
  let last = await child.ask('cpu');
  await until('a process is quiet', 30_000, async () => {
    const now = await child.ask('cpu');
    const quiet = now - last < 0.005;
    last = now;
    return quiet;
  });
};
