import { Seconds, systemClock } from '@postern/core';

/** Waits for other work to bring something about; gives up before the test runner does. */
export const until = async (what: string, condition: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = systemClock.monotonic() + Seconds(15);
  while (!(await condition())) {
    if (systemClock.monotonic() > deadline) throw new Error(`It did not come about: ${what}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
};
