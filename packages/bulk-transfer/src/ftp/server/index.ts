/** The device's side of the bulk path. Loadable alone: nothing here links TLS code (D5). */
export { createFtpServer, type FtpServer, type FtpServerOptions } from './ftp-server.ts';
export type { FtpLimits } from './limits.ts';
