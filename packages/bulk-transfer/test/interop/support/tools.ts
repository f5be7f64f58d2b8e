import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Which Debian package has a program; the list for machines is packages/testbed/tooling/interop-packages.txt. */
const PACKAGES = {
  sftp: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  sshd: 'openssh-server',
  curl: 'curl',
  vsftpd: 'vsftpd',
} as const;

export type Tool = keyof typeof PACKAGES;

/** Where a program is. A missing one fails the test: what was not tried must not look as if it had worked. */
export const tool = (name: Tool): string => {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/usr/bin', '/sbin'];
  const found = folders.map((folder) => join(folder, name)).find(isExecutable);
  if (found !== undefined) return found;
  throw new Error(`${name} is missing: apt-get install ${PACKAGES[name]}`);
};

const isExecutable = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};
