import type { NodeIdentity } from '@postern/core';
import { serverError } from '../errors.ts';
import type { RefusedCallers } from './refused-callers.ts';

/** Lets intermediaries in, by identity only. */
export class UplinkAdmission {
  readonly #refused: Pick<RefusedCallers, 'note'>;

  constructor(refused: Pick<RefusedCallers, 'note'>) {
    this.#refused = refused;
  }

  /**
   * @param peer who the connection proved to be
   * @param wanted the operation or image, for the audit log
   * @returns the intermediary's name
   * @throws PosternError `not-authorised`
   */
  admit(peer: NodeIdentity | undefined, wanted: string): string {
    if (peer?.role === 'intermediary') return peer.name;
    this.#refused.note(peer, wanted);
    throw serverError(
      'not-authorised',
      `A ${peer?.role ?? 'caller without identity'} may not use the uplink`,
    );
  }
}
