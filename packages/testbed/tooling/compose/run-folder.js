// The folder of one run of the tests: whoever holds its lock is alive, so that the next run can tell what was left.
import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { lockDirectory } from '@postern/storage/directory-lock';

const PREFIX = 'postern-compose-';
const UNLOCKED = 'postern-starting-';

/** What containers, networks and volumes of a run have in their names: compose takes small letters only. */
export const projectOf = (folder) => basename(folder).toLowerCase();

/** @returns { folder, lock }; others see the folder when it is locked */
export const makeRunFolder = async () => {
  const made = mkdtempSync(join(tmpdir(), UNLOCKED));
  const lock = await lockDirectory(made);
  const folder = join(dirname(made), basename(made).replace(UNLOCKED, PREFIX));
  renameSync(made, folder);
  return { folder, lock };
};

export const removeRunFolder = ({ folder, lock }) => {
  lock.release();
  rmSync(folder, { recursive: true, force: true });
};

/** Takes over, one after the other, the folders of runs that were killed. */
export async function* abandonedRunFolders() {
  for (const name of readdirSync(tmpdir()).filter((one) => one.startsWith(PREFIX))) {
    const folder = join(tmpdir(), name);
    try {
      yield { folder, lock: await lockDirectory(folder) };
    } catch (error) {
      if (!['directory-in-use', 'ENOENT'].includes(error.code)) throw error;
    }
  }
}
