import { throwIfCancelled } from '@postern/core';
import type { BulkEndpoint } from '@postern/software-update';
import { bulkError, isOurs, loginFailure, replyText } from '../../common/bulk-errors.ts';
import {
  type BulkClientLimits,
  type BulkClientOptions,
  DEFAULT_BULK_CLIENT_LIMITS,
} from '../../common/client-limits.ts';
import { expectedHostKey, unproved } from '../../common/fingerprint.ts';
import { guarded } from '../../common/guarded.ts';
import { SftpBulkSession } from './sftp-bulk-session.ts';
import { sftpRequests } from './sftp-requests.ts';
import { SshConnection, type SshLogin } from './ssh-connection.ts';

/**
 * Connects and logs in. The other end must have the SSH host key of the endpoint; nothing is shown to anybody else.
 *
 * @throws PosternError as `BulkPath.open`
 */
export const openSftpSession = async (
  options: BulkClientOptions,
  endpoint: BulkEndpoint,
  login: SshLogin,
  signal: AbortSignal,
): Promise<SftpBulkSession> => {
  throwIfCancelled(signal);
  const expected = expectedHostKey(endpoint);
  const { clock, logger } = options;
  const limits: BulkClientLimits = { ...DEFAULT_BULK_CLIENT_LIMITS, ...options.limits };
  const where = `${endpoint.host}:${endpoint.port}`;
  const connection = new SshConnection(endpoint, login, expected);
  const { opened } = connection;
  try {
    await guarded(connection, clock, limits.connectTime, `Connecting to ${where}`, signal, () =>
      connection.answered(Promise.race([connection.proved, opened])),
    ).catch((error: unknown) => {
      if (isOurs(error)) throw error;
      if (connection.failure === 'host-unproved') throw unproved(where);
      throw bulkError('bulk-unreachable', `No SFTP service at ${where} (${replyText(error)})`, error);
    });
    const sftp = await guarded(connection, clock, limits.replyTime, `Login at ${where}`, signal, () =>
      connection.answered(opened),
    ).catch((error: unknown) => {
      if (isOurs(error)) throw error;
      const refused = connection.failure === 'login-refused';
      throw loginFailure(error, where, 'password' in login ? login.password : '', refused);
    });
    logger.debug('SFTP session opened', {
      host: endpoint.host,
      port: endpoint.port,
      userName: login.userName,
    });
    return new SftpBulkSession(connection, sftpRequests(sftp, connection.writes), clock, limits);
  } catch (error) {
    connection.close();
    throw error;
  }
};
