import { errorCode } from '@postern/core';
import type { BulkServiceSession } from '@postern/software-update';
import type { AuthContext } from 'ssh2';
import { ask, type ServiceScope } from '../../common/service-calls.ts';
import type { SftpLimits } from './limits.ts';
import { type DoorAnswer, REFUSED, type SshDoor } from './ssh-door.ts';

export interface SshLoginScope extends ServiceScope {
  readonly door: SshDoor;
  readonly limits: SftpLimits;
  readonly peer: string;
  /** Begins the session that the door granted. */
  readonly enter: (view: BulkServiceSession) => void;
  readonly drop: (why: string) => void;
}

/** The login of one connection, through the server's door and no other (RFC 4252). */
export class SshLogin {
  readonly #scope: SshLoginScope;
  #requests = 0;
  #wrong = 0;

  constructor(scope: SshLoginScope) {
    this.#scope = scope;
  }

  async decide(context: AuthContext): Promise<void> {
    const { limits, drop } = this.#scope;
    this.#requests += 1;
    if (this.#requests > limits.authRequests) {
      drop('too many authentication requests');
      return;
    }
    try {
      const answer = await this.#ask(context);
      if (answer.kind === 'admitted' || answer.kind === 'proof-wanted') context.accept();
      else if (answer.kind === 'refused') this.#refuse(context);
      else this.#passOver(context, answer.why);
    } catch (error) {
      if (this.#scope.ending.aborted) return;
      this.#scope.logger.error('The bulk service failed at login', { code: errorCode(error, 'internal') });
      drop('login is not possible now');
    }
  }

  #ask(context: AuthContext): Promise<DoorAnswer> {
    const { door, peer, enter, ending } = this.#scope;
    // Taken over inside the call: a view that comes when the connection has gone must still be ended.
    return ask(this.#scope, 'Login', async () => {
      const answer = await door.decide(context, peer);
      if (answer.kind !== 'admitted') return answer;
      if (ending.aborted) {
        answer.view.ended();
        return REFUSED;
      }
      enter(answer.view);
      return answer;
    });
  }

  /** Clients ask with `none` what they may try, and offer every key that they have: `authRequests` is enough. */
  #passOver(context: AuthContext, why: string | undefined): void {
    const { door, logger, peer } = this.#scope;
    if (why !== undefined) logger.warn('Key refused', { peer, why });
    context.reject([door.method]);
  }

  #refuse(context: AuthContext): void {
    const { limits, logger, peer, drop, door } = this.#scope;
    this.#wrong += 1;
    logger.warn('Login refused', { peer, tries: this.#wrong });
    context.reject([door.method]);
    if (this.#wrong >= limits.wrongLogins) drop('too many wrong logins');
  }
}
