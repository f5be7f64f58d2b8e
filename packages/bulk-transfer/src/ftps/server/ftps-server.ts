import type { BulkServer } from '../../common/bulk-server.ts';
import { type FtpServerOptions, serveFtp } from '../../ftp/server/ftp-server.ts';
import { certificateFingerprint, type FtpsIdentity, tlsContext } from '../certificate.ts';
import { tlsProtection } from './tls-protection.ts';

export interface FtpsServerOptions extends FtpServerOptions {
  readonly mode: 'explicit' | 'implicit';
  readonly tls: FtpsIdentity;
  /**
   * Data connections must resume the control connection's TLS session, so that nobody else can take them; `true`
   * unless given. Only clients that cannot do that need `false`.
   */
  readonly requireResumption?: boolean;
}

/**
 * Serves the bulk path over FTPS: the FTP server behind TLS 1.2 or newer, explicit (RFC 4217) or implicit. Nothing is
 * carried in the clear: before TLS only AUTH, FEAT and QUIT are answered, and data connections must be encrypted.
 *
 * @throws PosternError `bulk-identity-unusable`, `bulk-listen-failed`
 * @spec B2
 */
export const createFtpsServer = async (options: FtpsServerOptions): Promise<BulkServer> => {
  const { mode, tls, requireResumption = true } = options;
  // Fails here, and not at the first connection, when the key is of no use.
  tlsContext(tls);
  const protection = tlsProtection(mode, () => tlsContext(tls), requireResumption);
  return serveFtp(options, protection, certificateFingerprint(tls.cert));
};
