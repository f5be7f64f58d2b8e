import { type Duration, Milliseconds } from '@postern/core';

/** How the intermediary behaves towards a server that does not answer, or answers too eagerly. */
export interface Pacing {
  /** Pause after the first failure; doubles with each further one. */
  readonly firstPause: Duration;
  readonly longestPause: Duration;
}

/**
 * The pause after the n-th failure in a row: doubling, capped, and spread over its upper half so that the sites of
 * one server do not come back all at once.
 *
 * @param failures at least 1
 * @param fraction random, in [0, 1)
 */
export const backoff = (pacing: Pacing, failures: number, fraction: number): Duration => {
  const whole = Math.min(pacing.firstPause * 2 ** Math.min(failures - 1, 30), pacing.longestPause);
  return Milliseconds(Math.round(whole / 2 + (whole / 2) * fraction));
};

/** One answered held poll. */
export interface HeldPoll {
  /** How long it was to be held, and how long it was. */
  readonly hold: Duration;
  readonly lasted: Duration;
  /** It brought something down, or one of our own polls ended it. */
  readonly useful: boolean;
}

/**
 * Whether a held poll ended early for no reason. A few of these in a row are paused for as if they were failures:
 * a server that does not hold must not make the site poll in a busy loop.
 */
export const endedForNothing = ({ hold, lasted, useful }: HeldPoll): boolean => !useful && lasted < hold / 2;
