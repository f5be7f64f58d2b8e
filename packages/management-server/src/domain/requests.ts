import type { RequestRecord, RequestSubject } from './records.ts';

/** A request that waits for the poll of its intermediary. */
export const newRequest = (
  subject: RequestSubject,
  addressed: Pick<RequestRecord, 'id' | 'intermediary' | 'target' | 'orderedAt' | 'expiresAt'>,
  { place = 0, at }: Partial<Pick<RequestRecord, 'place' | 'at'>> = {},
): RequestRecord => ({
  ...subject,
  ...addressed,
  place,
  at,
  sent: false,
  state: 'waiting',
  phase: undefined,
  endedAt: undefined,
  reason: undefined,
  answered: false,
  answeredAt: undefined,
  answer: undefined,
});
