/** The updater's side of the bulk path over FTP. */
export { ftpBulkPath } from './ftp-bulk-path.ts';
