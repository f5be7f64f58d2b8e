import { join } from 'node:path';
import type { Logger } from '@postern/core';
import { readCheckedFile, writeCheckedFile } from '@postern/image-slots';
import type { BootedTarget, Slot } from '@postern/software-update';
import { copyDatabase, restoreDatabase, schemaVersion } from '@postern/storage';
import { removeFile } from '@postern/storage/files';
import { databasePath } from '../adapters/database/path.ts';
import { ownDirectory } from './own-files.ts';

/** Whose trial the copy was made for; written last, removed first: a copy without counts as none. */
const notePath = (dataDir: string): string => join(ownDirectory(dataDir), 'before-trial.json');

const copyPath = (dataDir: string): string => join(ownDirectory(dataDir), 'before-trial.db');

/**
 * A program on trial may bring the database to a schema that the one before it cannot read. So a copy is made before its
 * first start, and takes the database's place again when the trial has failed and did migrate. What happened in between
 * happens again: the server repeats what nobody has answered, and updates of devices do not go on during a trial.
 *
 * @spec U21 X6
 */
export const keepDatabaseStartable = async (
  dataDir: string,
  { slot, record }: BootedTarget,
  logger: Logger,
): Promise<void> => {
  const note = await readCheckedFile<{ readonly slot: Slot }>(notePath(dataDir));
  const path = databasePath(dataDir);
  if (record.boot.phase === 'trial') {
    if (typeof note === 'object' && note.content.slot === slot) return;
    if ((await schemaVersion(path)) === undefined) return;
    await copyDatabase(path, copyPath(dataDir));
    await writeCheckedFile(notePath(dataDir), { slot });
    return;
  }
  if (typeof note === 'object' && note.content.slot !== slot) {
    const [now, before] = [await schemaVersion(path), await schemaVersion(copyPath(dataDir))];
    if (before !== undefined && now !== before) {
      logger.warn('The database of the time before the trial is put back: the new software migrated it', {
        now,
        before,
      });
      await restoreDatabase(copyPath(dataDir), path);
    }
  }
  await removeTrialCopy(dataDir);
};

/** The copy holds what the database forgets: it goes as soon as it is not needed. */
export const removeTrialCopy = async (dataDir: string): Promise<void> => {
  await removeFile(notePath(dataDir));
  await removeFile(copyPath(dataDir));
};
