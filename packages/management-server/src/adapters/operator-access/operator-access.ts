import type { Clock, Logger, NodeIdentity } from '@postern/core';
import type { RefusedCallers } from '../../domain/refused-callers.ts';
import { serverError } from '../../errors.ts';
import { presentedToken } from './credentials.ts';
import { FailedTries } from './failed-tries.ts';
import type { OperatorToken } from './operator-token.ts';

export interface OperatorAccessParts {
  readonly token: OperatorToken;
  readonly refused: Pick<RefusedCallers, 'note'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Who calls at the operators' port, as far as its connection and headers say. */
export interface Visitor {
  /** Who its certificate proves it to be. */
  readonly peer: NodeIdentity | undefined;
  /** The Authorization header. */
  readonly authorization: string | undefined;
  readonly address: string;
}

/**
 * Lets operators in, at every interface of the operators' port: by a certificate of their role, or by the operator token.
 * A certificate of another role is not made good by a token: it is a node where none belongs.
 */
export class OperatorAccess {
  readonly #parts: OperatorAccessParts;
  readonly #tries: FailedTries;

  constructor(parts: OperatorAccessParts) {
    this.#parts = parts;
    this.#tries = new FailedTries(parts.clock);
  }

  /**
   * @param wanted what is called, for the audit log
   * @throws PosternError `not-authorised`, `token-required`, `too-many-failed-tries`
   */
  admit({ peer, authorization, address }: Visitor, wanted: string): void {
    const { token, refused, logger } = this.#parts;
    if (peer?.role === 'operator') return;
    if (peer !== undefined) {
      refused.note(peer, wanted);
      throw serverError('not-authorised', `The certificate is that of a ${peer.role}, not of an operator`);
    }
    const presented = presentedToken(authorization);
    if (presented !== undefined && token.matches(presented)) return;
    // Toolkits try without any credential first: that is no wrong try.
    if (authorization === undefined) throw serverError('token-required', 'The request bears no credential');
    if (this.#tries.note(address)) {
      throw serverError('too-many-failed-tries', 'Too many requests without the right token');
    }
    logger.warn('A request without the right token was refused', { address });
    throw serverError('token-required', 'The request bears no valid operator token');
  }
}
