import type { uplink } from '@postern/contracts';

/** Whether a response is one that a request of this kind can have: the element of its kind, or a failure. */
export const isFittingResponse = (
  requestKind: uplink.RequestBody['kind'],
  { kind }: Pick<uplink.ResponseBody, 'kind'>,
): boolean => kind === 'Failure' || kind === `${requestKind}Response`;
