import { errorCode, errorMessage, PosternError } from '@postern/core';

/** What the codes of this package mean. */
export const STORAGE_ERRORS = {
  'bundle-exists': 'A folder with the name of the bundle exists.',
  'bundle-invalid':
    'A folder or tar file is no software bundle: it holds too little, too much or the wrong things.',
  'database-corrupt': 'The database file is damaged or is no SQLite database.',
  'database-too-new': 'The database was written by a later release.',
  'digest-invalid': 'A digest is not 64 lower-case hexadecimal digits.',
  'digest-mismatch': 'The received bytes have another SHA-256 digest than was announced.',
  'directory-in-use': 'Another process works in the data directory.',
  'image-busy': 'The image is being received at this moment.',
  'image-missing': 'The image store holds no complete image with this digest.',
  'length-invalid': 'An announced length is no whole number of bytes.',
  'length-mismatch': 'More or fewer bytes were received than was announced.',
  'migration-failed': 'A change of the database schema failed; the database is as it was before.',
  'migrations-invalid': 'The list of migrations is not numbered 1, 2, 3, … without a gap.',
  'query-not-synchronous': 'A query was executed by Kysely instead of the synchronous database.',
  'range-invalid': 'The requested byte range lies outside the image.',
  'receiver-closed': 'The receiver has been finished or aborted already.',
  'storage-busy': 'Another connection held the database locked for too long.',
  'storage-failed': 'The file system refused or failed to read or write.',
  'storage-full': 'There is no room left on the disk or in the quota.',
} as const satisfies Record<string, string>;

export type StorageCode = keyof typeof STORAGE_ERRORS;

export const storageError = (
  code: StorageCode,
  message: string,
  options?: { cause?: unknown; hint?: string },
): PosternError<StorageCode> => new PosternError(code, message, options);

/**
 * What to throw for `error`: failures of SQLite and of the file system become a PosternError with `error` as its
 * cause; anything else (a violated constraint, a mistake in the SQL, a PosternError) stays what it is.
 *
 * @param doing what was tried, e.g. `write /data/x`
 */
export const toStorageError = (error: unknown, doing: string): unknown => {
  const code = storageCodeOf(errorCode(error, ''));
  if (code === undefined) return error;
  const hint = HINTS[code];
  const message = `Could not ${doing}: ${errorMessage(error)}`;
  return storageError(code, message, hint === undefined ? { cause: error } : { cause: error, hint });
};

/** SQLite's extended result codes (https://sqlite.org/rescode.html) begin with the primary one. */
const storageCodeOf = (code: string): StorageCode | undefined => {
  if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT') return 'storage-full';
  if (code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB') return 'database-corrupt';
  if (code.startsWith('SQLITE_BUSY')) return 'storage-busy';
  if (/^SQLITE_(IOERR|CANTOPEN|READONLY|PERM)/.test(code)) return 'storage-failed';
  if (/^E[A-Z0-9]+$/.test(code)) return 'storage-failed';
  return undefined;
};

const HINTS: Partial<Record<StorageCode, string>> = {
  'database-corrupt': 'Keep the file for analysis and restore the data directory from its last backup.',
  'storage-busy': 'Close other programs that have the database open.',
  'storage-failed': 'Check the disk, and that the data directory belongs to the user who runs this process.',
  'storage-full': 'Free disk space or remove images that are no longer needed.',
};
