import type { BulkEntry } from '@postern/software-update';
import type { Attributes, FileEntry } from 'ssh2';
import { isPlainName } from '../../common/file-name.ts';

/** The name that a path means: `''` for the only directory, `undefined` for what cannot be there. */
export const flatName = (path: string): string | undefined => {
  if (path === '' || path === '.' || path === '/' || path === './' || path === '/.') return '';
  const name = path.replace(/^\.?\//, '');
  return isPlainName(name) ? name : undefined;
};

/** Times are fillers: uploads have none that mean anything. */
const attributes = (mode: number, size: number): Attributes => ({
  mode,
  uid: 0,
  gid: 0,
  size,
  atime: 0,
  mtime: 0,
});

export const ROOT: Attributes = attributes(0o040500, 0);
export const fileAttributes = (size: number): Attributes => attributes(0o100600, size);

export const fileEntry = ({ name, size, access }: BulkEntry): FileEntry => ({
  filename: name,
  longname: `-${access === 'r' ? 'r-' : '-w'}------- 1 device device ${String(size).padStart(12)} Jan  1  2000 ${name}`,
  attrs: attributes(access === 'r' ? 0o100400 : 0o100200, size),
});
