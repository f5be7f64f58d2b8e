import type { BulkPath } from '@postern/software-update';
import type { BulkClientOptions } from '../../common/client-limits.ts';
import { openSftpSession } from './open-sftp-session.ts';

/**
 * The bulk path over SFTP. The other end must have the SSH host key that the device named on the secure path; the
 * password is sent to nobody else.
 *
 * @spec B3
 */
export const sftpBulkPath = (options: BulkClientOptions): BulkPath => ({
  open: (endpoint, { userName, oneTimePassword: password }, signal) =>
    openSftpSession(options, endpoint, { userName, password }, signal),
});
