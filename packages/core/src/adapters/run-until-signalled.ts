import type { Clock } from '../clock.ts';
import { type Duration, Seconds } from '../duration.ts';

/** Something that runs until it is closed. */
export interface Closable {
  close(): Promise<void>;
}

/** How long a polite end may take before the process ends anyway. */
const CLOSE_LIMIT: Duration = Seconds(5);

/**
 * Runs a process's one long-lived thing until SIGINT, SIGTERM, `ended`, or the end of standard input where
 * the parent asked for that (`stopWithParent`: a parent killed with SIGKILL leaves no orphan; SIGINT is then
 * left to the parent). A second signal ends the process at once.
 */
export const runUntilSignalled = async (
  clock: Clock,
  start: (stop: AbortSignal) => Promise<Closable>,
  options: { readonly stopWithParent?: boolean; readonly ended?: Promise<unknown> } = {},
): Promise<void> => {
  const stop = new AbortController();
  const signalled = new Promise<void>((resolve) => {
    const end = (): void => {
      stop.abort();
      resolve();
    };
    const onSignal = (): void => {
      if (stop.signal.aborted) process.exit(130);
      end();
    };
    process.on('SIGTERM', onSignal);
    // Ctrl-C reaches the whole process group; which child ends when is the parent's to say.
    process.on('SIGINT', options.stopWithParent ? () => {} : onSignal);
    if (options.stopWithParent) process.stdin.once('close', end).once('end', end).resume();
    options.ended?.then(
      () => resolve(),
      () => resolve(),
    );
  });
  try {
    const running = await start(stop.signal);
    await signalled;
    clock.schedule(CLOSE_LIMIT, () => process.exit(1), { background: true });
    await running.close();
  } finally {
    // A pipe that is still read would keep the process, also one that could not start.
    if (options.stopWithParent) process.stdin.destroy();
  }
};
