import { errorCode } from '@postern/core';
import type { BulkService, BulkServiceSession } from '@postern/software-update';
import type { AuthContext } from 'ssh2';
import { ask, type ServiceScope } from '../../common/service-calls.ts';
import type { SftpLimits } from './limits.ts';

export interface SshLoginScope extends ServiceScope {
  readonly service: BulkService;
  readonly limits: SftpLimits;
  readonly peer: string;
  /** Begins the session that the service granted. */
  readonly enter: (view: BulkServiceSession) => void;
  readonly drop: (why: string) => void;
}

/** The login of one connection: user name and one-time password (RFC 4252 section 8), nothing else. */
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
    // Clients ask with `none` what they may try. A change of password comes as an object.
    if (context.method !== 'password' || typeof context.password !== 'string') {
      context.reject(['password']);
      return;
    }
    try {
      if (await this.#admits(context.username, context.password)) context.accept();
      else this.#refuse(context);
    } catch (error) {
      if (this.#scope.ending.aborted) return;
      this.#scope.logger.error('The bulk service failed at login', { code: errorCode(error, 'internal') });
      drop('login is not possible now');
    }
  }

  #admits(userName: string, password: string): Promise<boolean> {
    const { service, peer, enter, ending } = this.#scope;
    // Taken over inside the call: a view that comes when the connection has gone must still be ended.
    return ask(this.#scope, 'Login', async () => {
      const view = await service.login(userName, password, peer);
      if (view === undefined) return false;
      if (ending.aborted) view.ended();
      else enter(view);
      return !ending.aborted;
    });
  }

  #refuse(context: AuthContext): void {
    const { limits, logger, peer, drop } = this.#scope;
    this.#wrong += 1;
    logger.warn('Login refused', { peer, tries: this.#wrong });
    context.reject(['password']);
    if (this.#wrong >= limits.wrongLogins) drop('too many wrong logins');
  }
}
