/**
 * What a launcher and the programs that it starts have agreed on. Programs of other releases keep to it, too: what is
 * said here never changes, it is only added to.
 *
 * - The program is started with the launcher's own arguments, `--launched VERSION` (of the installed package) and
 *   `--stop-with-parent`: it ends in order when its standard input does, within four seconds.
 * - It sends {@link GOOD_START} over the channel of its parent once it has started well.
 * - It ends with {@link RESTART_EXIT_CODE} to have started what is in its slots now.
 */

/** EX_TEMPFAIL of sysexits.h: try again. */
export const RESTART_EXIT_CODE = 75;

export const GOOD_START = { postern: 'good-start' } as const;

export const isGoodStart = (message: unknown): boolean =>
  typeof message === 'object' &&
  message !== null &&
  'postern' in message &&
  message.postern === GOOD_START.postern;
