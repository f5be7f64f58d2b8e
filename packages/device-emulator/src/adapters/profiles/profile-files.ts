import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { errorCode } from '@postern/core';
import type { DeviceProfile } from '../../domain/profile.ts';
import { deviceError } from '../../errors.ts';
import { MOST_PROFILE_BYTES, type ProfileMistake, readProfile } from './read-profile.ts';

/** The profiles that come with the package: a new kind of device is one more file in here. */
const SHIPPED = fileURLToPath(new URL('../../../profiles/', import.meta.url));

const EXTENSION = '.yaml';

/** Mistakes that are told at once; who has more of them sees the others when these are mended. */
const MOST_MISTAKES = 10;

/** What has been read of the package's own files, which do not change while it runs. */
const shipped = new Map<string, DeviceProfile>();

/** Names of the profiles that come with the package. */
export const shippedProfiles = (): readonly string[] =>
  readdirSync(SHIPPED)
    .filter((name) => name.endsWith(EXTENSION))
    .map((name) => name.slice(0, -EXTENSION.length))
    .sort();

/** Whether it says where a profile lies, rather than which of the package's own it is. */
export const isProfilePath = (nameOrPath: string): boolean => /[/\\]|\.ya?ml$/.test(nameOrPath);

/**
 * A profile that comes with the package, by name, or one of somebody else's, by path. Synchronous: it is read once, before
 * there are devices.
 *
 * @throws PosternError `profile-unknown`, `profile-unreadable`, `profile-invalid` (with file, line and column of each mistake)
 * @spec T4
 */
export const profileNamed = (nameOrPath: string): DeviceProfile => {
  if (isProfilePath(nameOrPath)) return openProfile(nameOrPath);
  const known = shipped.get(nameOrPath);
  if (known !== undefined) return known;
  const names = shippedProfiles();
  if (!names.includes(nameOrPath)) {
    const name = JSON.stringify(nameOrPath.slice(0, 60));
    throw deviceError('profile-unknown', `No profile is called ${name}; there are ${names.join(', ')}`);
  }
  const profile = openProfile(join(SHIPPED, `${nameOrPath}${EXTENSION}`));
  shipped.set(nameOrPath, profile);
  return profile;
};

const openProfile = (path: string): DeviceProfile => {
  const read = readProfile(textOf(path));
  if ('profile' in read) return read.profile;
  const { mistakes } = read;
  const more = mistakes.length - MOST_MISTAKES;
  const lines = mistakes.slice(0, MOST_MISTAKES).map((mistake) => `${path}:${lineOf(mistake)}`);
  throw deviceError('profile-invalid', [...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n'));
};

const lineOf = ({ line, column, path, message }: ProfileMistake): string =>
  `${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`;

/** No more of it than a profile may have, and the byte that is too many. */
const textOf = (path: string): string => {
  const bytes = Buffer.alloc(MOST_PROFILE_BYTES + 1);
  let length = 0;
  try {
    const file = openSync(path, 'r');
    try {
      for (let read = -1; read !== 0 && length < bytes.length; length += read) {
        read = readSync(file, bytes, length, bytes.length - length, null);
      }
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw deviceError(
      'profile-unreadable',
      `The profile ${path} cannot be read (${errorCode(error, 'unknown')})`,
      error,
    );
  }
  return bytes.toString('utf8', 0, length);
};
