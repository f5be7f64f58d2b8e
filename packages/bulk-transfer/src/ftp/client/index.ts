/** The updater's side of the bulk path. */
export { type FtpClientOptions, ftpBulkPath } from './ftp-bulk-path.ts';
export type { FtpClientLimits } from './limits.ts';
