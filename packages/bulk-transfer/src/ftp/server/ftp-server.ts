import { type BulkServer, type BulkServerOptions, serveConnections } from '../../common/bulk-server.ts';
import { FtpSession } from './ftp-session.ts';
import { DEFAULT_FTP_LIMITS, type FtpLimits } from './limits.ts';
import type { FtpProtection } from './protection.ts';
import { formatReply, reply } from './reply.ts';
import type { ServerScope } from './session-scope.ts';

export interface FtpServerOptions extends BulkServerOptions {
  readonly limits?: Partial<FtpLimits>;
  /** Text of the greeting. Say nothing here that helps an attacker. */
  readonly banner?: string;
}

/** A running FTP server. */
export type FtpServer = BulkServer;

/** Why a transfer ended early; they decide the reply and go no further. */
export type FtpTransferCode =
  | 'data-not-connected'
  | 'receiver-refused'
  | 'receiver-stalled'
  | 'transfer-aborted'
  | 'transfer-too-slow';

/**
 * Serves the bulk path over FTP: RFC 959 in passive mode, RFC 2428 (EPSV), RFC 3659 (SIZE, REST STREAM, MLST).
 * It never connects out (no FTP bounce) and takes data connections only from the control connection's peer.
 *
 * @throws PosternError `bulk-listen-failed`
 * @spec B1
 */
export const createFtpServer = (options: FtpServerOptions): Promise<FtpServer> =>
  serveFtp(options, undefined, undefined);

/** The same, encrypted (RFC 4217) where `protection` says how. */
export const serveFtp = (
  options: FtpServerOptions,
  protection: FtpProtection | undefined,
  fingerprint: string | undefined,
): Promise<FtpServer> => {
  const scope: ServerScope = {
    service: options.service,
    clock: options.clock,
    logger: options.logger,
    limits: { ...DEFAULT_FTP_LIMITS, ...options.limits },
    banner: options.banner ?? 'Ready',
    protection,
  };
  return serveConnections(options, {
    most: scope.limits.sessions,
    fingerprint,
    begin: (socket) => new FtpSession(socket, scope),
    refusal: formatReply(reply(421, 'Too many sessions')),
  });
};
