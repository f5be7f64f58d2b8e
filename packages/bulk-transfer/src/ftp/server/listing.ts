import type { BulkEntry } from '@postern/software-update';

/** The forms in which the flat directory is told. */
export type ListingForm = 'LIST' | 'NLST' | 'MLSD';

/** The listing's bytes as they go over the data connection. */
export const formatListing = (form: ListingForm, entries: readonly BulkEntry[]): Buffer =>
  Buffer.from(entries.map((entry) => `${LINES[form](entry)}\r\n`).join(''), 'utf8');

/** The facts of one entry and its name (RFC 3659 section 7.2). `a` and `w`: it may be appended to and stored. */
export const machineLine = ({ name, size, access }: BulkEntry): string =>
  `type=file;size=${size};perm=${access === 'r' ? 'r' : 'aw'}; ${name}`;

/** The facts of the only directory. */
export const MACHINE_ROOT = 'type=dir;perm=el; /';

/** As `ls -l` prints it, for people. The date is a filler: uploads have none that means anything. */
const longLine = ({ name, size, access }: BulkEntry): string =>
  `-${access === 'r' ? 'r-' : '-w'}------- 1 device device ${String(size).padStart(12)} Jan  1  2000 ${name}`;

const LINES: Record<ListingForm, (entry: BulkEntry) => string> = {
  LIST: longLine,
  NLST: ({ name }) => name,
  MLSD: machineLine,
};
