import { type ConnectionOptions, TLSSocket } from 'node:tls';
import type { BulkPath } from '@postern/software-update';
import type { Client } from 'basic-ftp';
import type { BulkClientOptions } from '../../common/client-limits.ts';
import { expectedHostKey, isExpected, unproved } from '../../common/fingerprint.ts';
import { openFtpSession } from '../../ftp/client/open-ftp-session.ts';

/**
 * The bulk path over FTPS, explicit (RFC 4217) or implicit. No authority is asked about the other end's certificate:
 * it must be the one that the device named on the secure path. The control connection is judged before the login, each
 * data connection before the first byte.
 *
 * @spec B2
 */
export const ftpsBulkPath = (mode: 'explicit' | 'implicit', options: BulkClientOptions): BulkPath => ({
  open: async (endpoint, login, signal) => {
    const { host, port } = endpoint;
    const expected = expectedHostKey(endpoint);
    return openFtpSession(options, endpoint, login, signal, {
      connect: async (client) => {
        if (mode === 'implicit') await client.connectImplicitTLS(host, port, tlsOptions(host));
        else {
          await client.connect(host, port);
          await client.useTLS(tlsOptions(host));
        }
        if (!isProved(client.ftp.socket, expected)) throw unproved(`${host}:${port}`);
      },
      settings: ['PBSZ 0', 'PROT P'],
      onDataConnection: (client) => judgeDataConnection(client, expected, `${host}:${port}`),
    });
  },
});

/** `host` binds resumption to the end that was proved; whether an authority knows the certificate is no matter. */
const tlsOptions = (host: string): ConnectionOptions => ({
  host,
  minVersion: 'TLSv1.2',
  rejectUnauthorized: false,
});

/**
 * A resumed session shows no certificate: it is that of a connection which was judged before, and whoever resumes it
 * holds its secret.
 */
const isProved = (socket: unknown, expected: string): boolean => {
  if (!(socket instanceof TLSSocket)) return false;
  if (socket.isSessionReused()) return true;
  const certificate = socket.getPeerX509Certificate();
  return certificate !== undefined && isExpected(certificate.raw, expected);
};

/** Listens before basic-ftp does, so a wrong end is shut out before the upload begins to flow. */
const judgeDataConnection = (client: Client, expected: string, where: string): void => {
  const { dataSocket } = client.ftp;
  dataSocket?.once('secureConnect', () => {
    if (isProved(dataSocket, expected)) return;
    dataSocket.destroy();
    client.ftp.closeWithError(unproved(where));
  });
};
