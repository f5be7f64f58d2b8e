import { Seconds } from '@postern/core';
import { z } from 'zod';
import { count, listener, port, seconds } from './values.ts';

/** Where devices notify their start. */
export const noticeListener = listener.extend({
  /**
   * Told to devices with every credential, for those that are configured for another intermediary. Without a port: the
   * one that is listened on.
   */
  advertised: z.strictObject({ host: z.string().min(1).max(255), port: port.min(1).optional() }).optional(),
});

/** What devices say on their own accord. */
export const notices = z.strictObject({
  /** How many of one device are taken at once, and in which time one more. */
  burst: count.default(20),
  interval: seconds.default(Seconds(3)),
  /** How many of all devices wait for a node above that stays away; beyond it the oldest are given up, and counted. */
  mostWaiting: count.default(1_000),
});

/** User calls. */
export const calls = z.strictObject({
  /** How long a device waits for the answer to a user call before it is told that the call failed. */
  answerWithin: seconds.default(Seconds(20)),
  /** How long after a call a late answer is still worth showing on the panel. */
  keepResults: seconds.default(Seconds(86_400)),
});
