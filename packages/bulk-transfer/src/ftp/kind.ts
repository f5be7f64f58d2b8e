import type { BulkKind } from '../kinds/bulk-kind.ts';
import { ftpBulkPath } from './client/ftp-bulk-path.ts';
import { createFtpServer } from './server/ftp-server.ts';

/** @spec B1 */
export const ftp: BulkKind = {
  openPath: ftpBulkPath,
  createServer: ({ limits = {}, ...options }) => createFtpServer({ ...options, limits }),
};
