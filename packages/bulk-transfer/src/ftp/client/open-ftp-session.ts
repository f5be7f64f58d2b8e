import { throwIfCancelled } from '@postern/core';
import type { BulkEndpoint, BulkLogin, BulkSession } from '@postern/software-update';
import { Client } from 'basic-ftp';
import { isOurs, loginFailure } from '../../common/bulk-errors.ts';
import {
  type BulkClientLimits,
  type BulkClientOptions,
  DEFAULT_BULK_CLIENT_LIMITS,
} from '../../common/client-limits.ts';
import { guarded } from '../../common/guarded.ts';
import { DataConnections } from './data-connection.ts';
import { FtpBulkSession } from './ftp-bulk-session.ts';
import { connectError, refusalCode } from './ftp-errors.ts';

/** How one session gets its connections; what differs between FTP and FTPS. */
export interface FtpConnecting {
  /** Connects and reads the greeting. Afterwards the other end has proved what it has to. */
  connect(client: Client): Promise<void>;
  /** Sent after login. */
  readonly settings: readonly string[];
  /** Sees every data connection before anything is sent or read on it. */
  onDataConnection(client: Client): void;
}

/** Opens a session; every step has its deadline, and whatever fails leaves no connection behind. */
export const openFtpSession = async (
  options: BulkClientOptions,
  { host, port }: BulkEndpoint,
  { userName, oneTimePassword }: BulkLogin,
  signal: AbortSignal,
  connecting: FtpConnecting,
): Promise<BulkSession> => {
  throwIfCancelled(signal);
  const { clock, logger } = options;
  const limits: BulkClientLimits = { ...DEFAULT_BULK_CLIENT_LIMITS, ...options.limits };
  // basic-ftp's own timeouts are off (0): all waits go through our clock.
  const client = new Client(0, { allowSeparateTransferHost: false });
  const closed = closing(client);
  const where = `${host}:${port}`;
  try {
    await guarded(client, clock, limits.connectTime, `Connecting to ${where}`, signal, () =>
      connecting.connect(client),
    ).catch((error: unknown) => {
      throw connectError(error, where);
    });
    await guarded(client, clock, limits.replyTime, `Login at ${where}`, signal, () =>
      client.login(userName, oneTimePassword),
    ).catch((error: unknown) => {
      if (isOurs(error)) throw error;
      throw loginFailure(error, where, oneTimePassword, refusalCode(error) !== undefined);
    });
    for (const setting of [...connecting.settings, 'TYPE I']) {
      await guarded(client, clock, limits.replyTime, `Setting ${setting}`, signal, () =>
        client.send(setting),
      ).catch((error: unknown) => {
        throw connectError(error, where);
      });
    }
  } catch (error) {
    client.close();
    throw error;
  }
  logger.debug('FTP session opened', { host, port, userName });
  const connections = new DataConnections(client, () => connecting.onDataConnection(client));
  return new FtpBulkSession(client, connections, closed, clock, limits);
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
