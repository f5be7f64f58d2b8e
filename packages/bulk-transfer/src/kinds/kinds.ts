import type { BulkPathKind } from '@postern/software-update';
import type { BulkKind } from './bulk-kind.ts';

/**
 * Every kind of the bulk path, and the only place that names them all: a further kind is a folder and a line here.
 * Each is loaded when it is first used, so a site without SFTP never loads SSH code.
 *
 * @spec B1 B2 B3
 */
export const KINDS: Readonly<Record<BulkPathKind, () => Promise<BulkKind>>> = {
  ftp: async () => (await import('../ftp/kind.ts')).ftp,
  'ftps-explicit': async () => (await import('../ftps/kind.ts')).explicitFtps,
  'ftps-implicit': async () => (await import('../ftps/kind.ts')).implicitFtps,
  sftp: async () => (await import('../sftp/kind.ts')).sftp,
};
