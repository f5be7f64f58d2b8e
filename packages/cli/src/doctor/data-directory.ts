import { access, constants, open, rm, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type Entropy, errorCode, randomId } from '@postern/core';
import { requireUnlocked } from '@postern/storage';
import { formatBytes } from '../output/print.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

const MIB = 1_024 ** 2;
/** With less a tier cannot be sure to write its next journal. */
const LEAST_FREE = 64 * MIB;
/** An image or two. */
const GOOD_FREE = 1_024 * MIB;

const WRITABLE = 'Give the directory to the user that runs the tier, or name another `dataDir`.';

export interface DirectoryCheck {
  readonly findings: readonly Finding[];
  /** A process works in it: the tier runs. */
  readonly inUse: boolean;
}

/**
 * A tier's data directory: there or to be made, writable, on a disk with room whose file system can be told to write
 * now (fsync).
 *
 * @param freeBytes of the file system that holds a directory
 */
export const checkDataDirectory = async (
  directory: string,
  entropy: Entropy,
  freeBytes: (directory: string) => Promise<number> = freeOn,
): Promise<DirectoryCheck> => {
  const check = 'data directory';
  const existing = await nearestExisting(resolve(directory));
  if (existing !== resolve(directory)) {
    const findings = (await mayWrite(existing))
      ? [ok(check, `${directory} will be made at the first start`), await checkRoom(existing, freeBytes)]
      : [fail(check, `${directory} does not exist, and cannot be made in ${existing}`, WRITABLE)];
    return { findings, inUse: false };
  }
  if (!(await stat(existing)).isDirectory()) {
    const next = 'Name a directory as `dataDir`.';
    return { findings: [fail(check, `${directory} is no directory`, next)], inUse: false };
  }
  const written = await writeAndSync(existing, entropy);
  if (written !== undefined) {
    return { findings: [fail(check, `${directory}: ${written}`, WRITABLE)], inUse: false };
  }
  const inUse = await isInUse(existing);
  const says = `${directory} is writable, fsync works${inUse ? '; its tier runs' : ''}`;
  return { findings: [ok(check, says), await checkRoom(existing, freeBytes)], inUse };
};

const checkRoom = async (directory: string, freeBytes: (directory: string) => Promise<number>) => {
  const free = await freeBytes(directory);
  const says = `${formatBytes(free)} free`;
  const next = 'Make room on the disk of `dataDir`, or move it; images and journals go there.';
  if (free < LEAST_FREE) return fail('disk', says, next);
  return free < GOOD_FREE ? warn('disk', says, next) : ok('disk', says);
};

const freeOn = async (directory: string): Promise<number> => {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
};

const nearestExisting = async (directory: string): Promise<string> => {
  try {
    await stat(directory);
    return directory;
  } catch {
    return directory === dirname(directory) ? directory : nearestExisting(dirname(directory));
  }
};

const mayWrite = async (directory: string): Promise<boolean> => {
  try {
    await access(directory, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** @returns what went wrong; undefined: nothing */
const writeAndSync = async (directory: string, entropy: Entropy): Promise<string | undefined> => {
  const path = join(directory, `.doctor-${randomId(entropy)}`);
  try {
    const file = await open(path, 'wx', 0o600);
    try {
      await file.write('x');
      await file.sync();
    } finally {
      await file.close();
    }
    return undefined;
  } catch (error) {
    return `a file cannot be written and synced there (${errorCode(error, 'unknown')})`;
  } finally {
    await rm(path, { force: true });
  }
};

const isInUse = async (directory: string): Promise<boolean> => {
  try {
    await requireUnlocked(directory);
    return false;
  } catch (error) {
    return errorCode(error, '') === 'directory-in-use';
  }
};
