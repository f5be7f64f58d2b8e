import { type Clock, type Logger, throwIfCancelled } from '@postern/core';
import type { BulkPath } from '@postern/software-update';
import { Client } from 'basic-ftp';
import { FtpBulkSession } from './ftp-bulk-session.ts';
import { connectError, loginError } from './ftp-errors.ts';
import { guarded } from './guarded.ts';
import { DEFAULT_FTP_CLIENT_LIMITS, type FtpClientLimits } from './limits.ts';

export interface FtpClientOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits?: Partial<FtpClientLimits>;
}

/**
 * The bulk path over plain FTP in passive mode: EPSV, or PASV where that is refused. A data connection goes to the
 * host of the control connection only, whatever a PASV reply says.
 *
 * @spec B1
 */
export const ftpBulkPath = (options: FtpClientOptions): BulkPath => {
  const { clock, logger } = options;
  const limits: FtpClientLimits = { ...DEFAULT_FTP_CLIENT_LIMITS, ...options.limits };
  return {
    open: async ({ host, port }, login, signal) => {
      throwIfCancelled(signal);
      // basic-ftp's own timeouts are off (0): all waits go through our clock.
      const client = new Client(0, { allowSeparateTransferHost: false });
      const closed = closing(client);
      const where = `${host}:${port}`;
      try {
        await guarded(client, clock, limits.connectTime, `Connecting to ${where}`, signal, () =>
          client.connect(host, port),
        ).catch((error: unknown) => {
          throw connectError(error, where);
        });
        await guarded(client, clock, limits.replyTime, `Login at ${where}`, signal, () =>
          client.login(login.userName, login.oneTimePassword),
        ).catch((error: unknown) => {
          throw loginError(error, where, login.oneTimePassword);
        });
        await guarded(client, clock, limits.replyTime, 'Setting type I', signal, () =>
          client.send('TYPE I'),
        ).catch((error: unknown) => {
          throw connectError(error, where);
        });
      } catch (error) {
        client.close();
        throw error;
      }
      logger.debug('FTP session opened', { host, port, userName: login.userName });
      return new FtpBulkSession(client, closed, clock, limits);
    },
  };
};

/**
 * Resolves when the control connection has ended. Every end passes through `closeWithError`, which first takes all
 * listeners off the socket; so it is the only place where the end can be seen.
 */
const closing = ({ ftp }: Client): Promise<void> =>
  new Promise((resolve) => {
    const close = ftp.closeWithError.bind(ftp);
    ftp.closeWithError = (error) => {
      close(error);
      resolve();
    };
  });
