import type { NodeIdentity } from '@postern/core';
import { deviceError } from '../errors.ts';

/**
 * A device obeys one intermediary, and only by the name that mutual TLS proved.
 *
 * @throws PosternError `not-authorised`
 * @spec A1
 */
export const authoriseIntermediary =
  (name: string) =>
  (peer: NodeIdentity | undefined): void => {
    if (peer?.role === 'intermediary' && peer.name === name) return;
    throw deviceError('not-authorised', 'Only the intermediary of this device may call it');
  };
