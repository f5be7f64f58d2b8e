import { createFtpServer } from '@postern/bulk-transfer/ftp-server';
import type { BulkServerFactory } from '../program.ts';

/** The bulk path in plain FTP: all that a program without TLS code can serve. */
export const plainFtp: BulkServerFactory = (options) => createFtpServer(options);
