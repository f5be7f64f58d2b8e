import ssh2 from 'ssh2';
import { type BulkServer, type BulkServerOptions, serveConnections } from '../../common/bulk-server.ts';
import { sshHostKeyFingerprint, unusable } from '../host-key.ts';
import { DEFAULT_SFTP_LIMITS, type SftpLimits } from './limits.ts';
import { passwordDoor, type SshDoor } from './ssh-door.ts';
import { type SftpServerScope, SshSession } from './ssh-session.ts';

export interface SftpServerOptions extends BulkServerOptions {
  /** The host's private key as OpenSSH writes it; `generateSshHostKey` makes one. */
  readonly hostKey: string;
  readonly limits?: Partial<SftpLimits>;
}

/** Codes of errors that an SFTP session answers with, besides those of the service. */
export type SftpServerCode = 'transfer-out-of-order';

/**
 * Serves the bulk path over SFTP (version 3) inside SSH: password login, flat names, uploads from front to back.
 *
 * @throws PosternError `bulk-identity-unusable`, `bulk-listen-failed`
 * @spec B3
 */
export const createSftpServer = ({ service, ...options }: SftpServerOptions): Promise<BulkServer> =>
  serveSsh(options, passwordDoor(service));

/**
 * SFTP behind whatever door.
 *
 * @throws PosternError `bulk-identity-unusable`, `bulk-listen-failed`
 */
export const serveSsh = async (
  options: Omit<SftpServerOptions, 'service'>,
  door: SshDoor,
): Promise<BulkServer> => {
  const { clock, logger, hostKey } = options;
  // Fails here, and not at the first connection, when the key is of no use.
  if (ssh2.utils.parseKey(hostKey) instanceof Error) throw unusable();
  const limits: SftpLimits = { ...DEFAULT_SFTP_LIMITS, ...options.limits };
  const scope: SftpServerScope = { door, clock, logger, limits, hostKey };
  return serveConnections(options, {
    most: limits.sessions,
    fingerprint: sshHostKeyFingerprint(hostKey),
    begin: (socket) => new SshSession(socket, scope),
    // A server may say something before its version (RFC 4253 section 4.2).
    refusal: 'Too many sessions\r\n',
  });
};
