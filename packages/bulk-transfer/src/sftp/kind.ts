import { type BulkKind, requireIdentity } from '../kinds/bulk-kind.ts';
import { sftpBulkPath } from './client/sftp-bulk-path.ts';
import { createSftpServer } from './server/sftp-server.ts';

/** @spec B3 */
export const sftp: BulkKind = {
  openPath: sftpBulkPath,
  createServer: async ({ hostKey, limits = {}, ...options }) =>
    createSftpServer({ ...options, limits, hostKey: requireIdentity(hostKey, 'hostKey') }),
};
