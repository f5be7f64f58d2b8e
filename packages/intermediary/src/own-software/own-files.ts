import { join } from 'node:path';
import {
  DiskSlots,
  openTargetMemory,
  PowerFence,
  readCheckedFile,
  writeCheckedFile,
} from '@postern/image-slots';
import type { SlotStorage, TargetMemory } from '@postern/software-update';
import { makePrivateDirectory, removeTemporaryFiles } from '@postern/storage/files';
import { installedContents } from './installed.ts';

/** Where an intermediary's own software lies. */
export const ownDirectory = (dataDir: string): string => join(dataDir, 'own-software');

/** Programs that were unpacked from the slots, each in a folder named by the digest of its image. */
export const programsDirectory = (dataDir: string): string => join(ownDirectory(dataDir), 'programs');

/** The own software's part of the disk. */
export interface OwnFiles {
  readonly memory: TargetMemory;
  /** What the disk really holds. */
  readonly disk: DiskSlots;
  /** The same, with the installed package in each slot that holds nothing else. */
  readonly slots: SlotStorage;
  /** Waits for writes under way, lets no further one begin. */
  close(): Promise<void>;
}

export interface OwnFilesOptions {
  readonly dataDir: string;
  /** Bytes of both images together. */
  readonly mostBytes: number;
  /** Of the installed package. */
  readonly installedVersion: string;
}

/**
 * Opens the own software's part of the disk. Only one process at a time may: the launcher before it starts a program,
 * or the program that runs.
 *
 * @throws PosternError `target-record-damaged`, `storage-failed`, `storage-full`
 */
export const openOwnFiles = async (options: OwnFilesOptions): Promise<OwnFiles> => {
  const { dataDir, mostBytes, installedVersion } = options;
  const directory = ownDirectory(dataDir);
  await makePrivateDirectory(directory);
  await removeTemporaryFiles(directory);
  const fence = new PowerFence();
  const disk = new DiskSlots({ directory, capacity: () => mostBytes, fence });
  await disk.prepare();
  const files: OwnFiles = {
    memory: await openTargetMemory(join(directory, 'target.json'), fence),
    disk,
    slots: withInstalled(disk, installedVersion),
    close: () => fence.close(),
  };
  await heedInstallation(files, join(directory, 'installed.json'), installedVersion);
  return files;
};

/**
 * A slot that is not sealed stands for the installed package, which is always whole. So there is something to fall back
 * to from the first update on, and something to start while the other slot is being written.
 */
const withInstalled = (disk: DiskSlots, installedVersion: string): SlotStorage => ({
  contents: async (slot) => (await disk.contents(slot)) ?? installedContents(installedVersion),
  isWhole: async (slot) => (await disk.contents(slot)) === undefined || disk.isWhole(slot),
  clear: (slot) => disk.clear(slot),
  size: (slot, component) => disk.size(slot, component),
  append: (slot, component, offset) => disk.append(slot, component, offset),
  read: (slot, component) => disk.read(slot, component),
  copyFromOther: (slot, component) => disk.copyFromOther(slot, component),
  seal: (slot, contents) => disk.seal(slot, contents),
});

/**
 * Whoever installs another version of the package by hand means to run that one: it takes the place of what is in the
 * slots. What was ever committed stays the floor for updates. The version is written down last, so that after a crash
 * all of it is done once more.
 */
const heedInstallation = async (
  { memory, disk }: OwnFiles,
  path: string,
  installedVersion: string,
): Promise<void> => {
  const found = await readCheckedFile<{ readonly version: string }>(path);
  if (typeof found === 'object' && found.content.version === installedVersion) return;
  const record = await memory.load();
  if (found !== 'missing' && record !== undefined) {
    await memory.save({
      ...record,
      boot: { active: 'A', phase: 'committed', trialBootsLeft: 0 },
      installation: { kind: 'none' },
    });
    await disk.clear('A');
    await disk.clear('B');
  }
  await writeCheckedFile(path, { version: installedVersion });
};
