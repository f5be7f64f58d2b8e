import { type Clock, type Logger, type NodeIdentity, toUri } from '@postern/core';
import type { Stores } from './ports.ts';

export interface RefusedCallersParts {
  readonly stores: Pick<Stores, 'audit'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly auditRecords: number;
}

/** Beyond so many identities the oldest is noted again: whoever has that many certificates owns the CA. */
const MOST_REMEMBERED = 1_000;

/** Notes who was turned away at one interface, each once, so that none can make the disk busy. */
export class RefusedCallers {
  readonly #parts: RefusedCallersParts;
  readonly #noted = new Set<string>();

  constructor(parts: RefusedCallersParts) {
    this.#parts = parts;
  }

  /** @param wanted the operation, path or image */
  note(peer: NodeIdentity | undefined, wanted: string): void {
    const caller = peer === undefined ? 'unknown' : toUri(peer);
    if (this.#noted.has(caller)) return;
    this.#noted.add(caller);
    const [oldest] = this.#noted;
    if (this.#noted.size > MOST_REMEMBERED && oldest !== undefined) this.#noted.delete(oldest);
    const { stores, clock, logger, auditRecords } = this.#parts;
    const record = { at: clock.now(), code: 'not-authorised' as const, caller, subject: wanted };
    stores.audit.add(record, auditRecords);
    logger.warn('Refused', record);
  }
}
