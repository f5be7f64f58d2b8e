/** The bulk path's adapters, both ends, by kind: FTP (default, B1), FTPS (B2), SFTP (B3). */
export type { BulkServer, BulkServerCode, BulkServerOptions } from './common/bulk-server.ts';
export type { BulkClientLimits, BulkClientOptions } from './common/client-limits.ts';
export type { BulkServerLimits } from './common/server-limits.ts';
export { ftpBulkPath } from './ftp/client/index.ts';
export {
  createFtpServer,
  type FtpLimits,
  type FtpServer,
  type FtpServerOptions,
} from './ftp/server/index.ts';
export { certificateFingerprint, type FtpsIdentity } from './ftps/certificate.ts';
export type { BulkKind, KindServerOptions } from './kinds/bulk-kind.ts';
export { bulkPaths } from './kinds/bulk-paths.ts';
export { createBulkServer } from './kinds/create-bulk-server.ts';
export { generateSshHostKey, sshHostKeyFingerprint } from './sftp/host-key.ts';
