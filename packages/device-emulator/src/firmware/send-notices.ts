import { type AnnounceContext, announce } from '../announce.ts';
import type { SystemControl } from '../control/system-control.ts';
import { deviceError } from '../errors.ts';
import type { UseLink } from './intermediary-link.ts';

export interface NoticeSender extends AnnounceContext {
  readonly system: SystemControl;
  readonly useLink: UseLink;
  /** Aborts when the device goes down. */
  readonly signal: AbortSignal;
}

/**
 * Remote service (NRS), client part: tells the intermediary of supplies and abnormalities, one after the other, each
 * until it was answered. Goes on until the device goes down; never rejects.
 *
 * @spec D4
 */
export const sendNotices = async (sender: NoticeSender): Promise<void> => {
  const { system, signal } = sender;
  while (!signal.aborted) {
    await system.notices.waitForOne(signal).catch(() => {});
    await announce('A notice', sender, signal, (bounded) => sendFirst(sender, bounded));
  }
};

/** The one that is first at this try: a newer one may have taken its place. */
const sendFirst = async ({ system, useLink }: NoticeSender, signal: AbortSignal): Promise<void> => {
  const notice = system.notices.first;
  if (notice === undefined) return;
  const { noticeId } = notice;
  const { inReplyTo } = await useLink((link) => link.notify(notice, signal));
  if (inReplyTo !== noticeId) {
    throw deviceError('answer-mismatched', 'The intermediary answered another notice');
  }
  await system.notices.answered(noticeId);
};
