import type { Socket } from 'node:net';
import { type SecureContext, TLSSocket } from 'node:tls';
import { PosternError } from '@postern/core';
import type { ConnectionProtection, FtpProtection } from '../../ftp/server/protection.ts';

/** Why a data connection was refused; told to nobody but the log. */
export type DataProtectionCode = 'data-handshake-failed' | 'data-not-resumed';

/**
 * TLS for an FTP server. Every control connection has a context, hence ticket keys, of its own: a data connection
 * that resumes a session proves to come from the client of that control connection and from nobody else.
 *
 * @param newContext makes a TLS context
 * @spec B2
 */
export const tlsProtection = (
  mode: FtpProtection['mode'],
  newContext: () => SecureContext,
  requireResumption: boolean,
): FtpProtection => ({
  mode,
  begin: () => connectionProtection(newContext(), requireResumption),
});

const connectionProtection = (context: SecureContext, requireResumption: boolean): ConnectionProtection => ({
  control: (plain, onSecured) => serverSide(plain, context).once('secure', onSecured),
  data: (plain) => secureData(serverSide(plain, context), requireResumption),
});

const secureData = (secured: TLSSocket, requireResumption: boolean): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const onSecured = (): void => {
      settle();
      if (!requireResumption || secured.isSessionReused()) {
        resolve(secured);
        return;
      }
      secured.destroy();
      reject(refused('data-not-resumed', 'The TLS session of the control connection was not resumed'));
    };
    // A client that has nothing to send ends in the breath in which its handshake is done: Node tells of the end only.
    const onEnd = (): void => {
      if (secured.getPeerFinished() !== undefined) onSecured();
    };
    const onClose = (): void => {
      settle();
      reject(refused('data-handshake-failed', 'The TLS handshake failed'));
    };
    const settle = (): void => {
      secured.off('secure', onSecured).off('end', onEnd).off('close', onClose);
    };
    // The close that follows tells of it.
    secured.on('error', () => {});
    secured.once('secure', onSecured).once('end', onEnd).once('close', onClose);
  });

const serverSide = (plain: Socket, secureContext: SecureContext): TLSSocket => {
  const secured = new TLSSocket(plain, { isServer: true, secureContext });
  secured.disableRenegotiation();
  return secured;
};

const refused = (code: DataProtectionCode, message: string): PosternError<DataProtectionCode> =>
  new PosternError(code, message);
