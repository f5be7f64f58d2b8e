import { type Clock, type Logger, type NodeIdentity, toUri } from '@postern/core';
import { serverError } from '../errors.ts';
import type { Stores } from './ports.ts';

export interface UplinkAdmissionParts {
  readonly stores: Pick<Stores, 'audit'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly auditRecords: number;
}

/** Beyond so many identities the oldest is noted again: whoever has that many certificates owns the CA. */
const MOST_REMEMBERED = 1_000;

/** Lets intermediaries in, by identity only. Others are noted, each once, so that none can make the disk busy. */
export class UplinkAdmission {
  readonly #parts: UplinkAdmissionParts;
  readonly #noted = new Set<string>();

  constructor(parts: UplinkAdmissionParts) {
    this.#parts = parts;
  }

  /**
   * @param peer who the connection proved to be
   * @param wanted the operation or image, for the audit log
   * @returns the intermediary's name
   * @throws PosternError `not-authorised`
   */
  admit(peer: NodeIdentity | undefined, wanted: string): string {
    if (peer?.role === 'intermediary') return peer.name;
    this.#note(peer === undefined ? 'unknown' : toUri(peer), wanted);
    throw serverError(
      'not-authorised',
      `A ${peer?.role ?? 'caller without identity'} may not use the uplink`,
    );
  }

  #note(caller: string, subject: string): void {
    if (this.#noted.has(caller)) return;
    this.#noted.add(caller);
    const [oldest] = this.#noted;
    if (this.#noted.size > MOST_REMEMBERED && oldest !== undefined) this.#noted.delete(oldest);
    const { stores, clock, logger, auditRecords } = this.#parts;
    const record = { at: clock.now(), code: 'not-authorised' as const, caller, subject };
    stores.audit.add(record, auditRecords);
    logger.warn('Refused', record);
  }
}
