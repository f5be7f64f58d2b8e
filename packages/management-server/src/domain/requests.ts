import type { RequestRecord, RequestSubject } from './records.ts';

/** A request that waits for the poll of its intermediary. */
export const newRequest = (
  subject: RequestSubject,
  addressed: Pick<RequestRecord, 'id' | 'intermediary' | 'target' | 'orderedAt' | 'expiresAt'>,
): RequestRecord => ({
  ...subject,
  ...addressed,
  sent: false,
  state: 'open',
  answered: false,
  answeredAt: undefined,
  answer: undefined,
});
