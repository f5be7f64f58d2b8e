/** Adapters of the bulk path's ports. FTP is the default (B1). */
export { type FtpClientLimits, type FtpClientOptions, ftpBulkPath } from './ftp/client/index.ts';
export {
  createFtpServer,
  type FtpLimits,
  type FtpServer,
  type FtpServerCode,
  type FtpServerOptions,
} from './ftp/server/index.ts';
