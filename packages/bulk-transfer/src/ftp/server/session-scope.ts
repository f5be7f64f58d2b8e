import type { Clock, Logger } from '@postern/core';
import type { BulkService, BulkServiceSession } from '@postern/software-update';
import type { LoginState, Security } from './command-rules.ts';
import type { FtpLimits } from './limits.ts';
import type { PassiveListener } from './passive-listener.ts';
import type { ConnectionProtection, FtpProtection } from './protection.ts';
import type { Reply } from './reply.ts';

/** What every session of one server shares. */
export interface ServerScope {
  readonly service: BulkService;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: FtpLimits;
  readonly banner: string;
  /** How connections are encrypted; a plain server has none. */
  readonly protection: FtpProtection | undefined;
}

/** One control connection as the command handlers see and change it. */
export interface SessionScope {
  readonly server: ServerScope;
  readonly localAddress: string;
  readonly peerAddress: string;
  /** Aborts when the control connection ends. */
  readonly ending: AbortSignal;
  login: LoginState;
  userName: string;
  wrongLogins: number;
  readonly security: Security;
  /** Encrypts this connection's data connections; there as soon as `security` is `secured`. */
  readonly protection: ConnectionProtection | undefined;
  /** PBSZ was sent (RFC 4217 section 8): PROT may follow. */
  bufferSizeTold: boolean;
  /** PROT P was sent: data connections are encrypted. */
  dataProtected: boolean;
  extendedPassiveOnly: boolean;
  /** Offset given by REST, for the very next transfer; 0 without. */
  restartAt: number;
  listener: PassiveListener | undefined;
  /** The service's view; there as soon as `login` is `logged-in`. */
  view: BulkServiceSession | undefined;
  /** Begins the session that the service granted. */
  enter(view: BulkServiceSession): void;
  send(answer: Reply): void;
  /** Answers AUTH TLS and encrypts the control connection from there on. */
  secure(answer: Reply): void;
  /** Sends a last reply and ends the connection. */
  drop(answer: Reply): void;
}

/** Carries out one command. `transfer` aborts when ABOR or the end of the connection breaks it. */
export type CommandHandler = (
  session: SessionScope,
  argument: string,
  transfer: AbortSignal,
) => Promise<Reply | undefined> | Reply | undefined;
