import { readFile } from 'node:fs/promises';
import {
  type Clock,
  errorCode,
  errorMessage,
  type Logger,
  Milliseconds,
  Seconds,
  sleep,
  withDeadline,
} from '@postern/core';
import { type BootedTarget, bootTarget, otherSlot, pinVendorKeys } from '@postern/software-update';
import { type DirectoryLock, lockDirectory } from '@postern/storage';
import { makePrivateDirectory } from '@postern/storage/files';
import type { IntermediaryConfig, OwnSoftwareConfig } from '../config.ts';
import { COMPONENT } from './installed.ts';
import { type OwnFiles, openOwnFiles, ownDirectory, programsDirectory } from './own-files.ts';
import { keepDatabaseStartable } from './trial-copy.ts';
import { removeOtherPrograms, unpackProgram } from './unpack-program.ts';

/** The program that is to run now. */
export interface OwnProgram {
  readonly version: string;
  /** Its main file; undefined for the installed package. */
  readonly main: string | undefined;
  /** It has yet to start well for the first time, and is given up when it does not. */
  readonly trial: boolean;
}

export interface BootOptions {
  readonly config: IntermediaryConfig;
  readonly ownSoftware: OwnSoftwareConfig;
  /** Of the installed package. */
  readonly installedVersion: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long the program of a launcher that was killed may take to end. */
const RELEASE_LIMIT = Seconds(20);
const RELEASE_PAUSE = Milliseconds(100);

/** Keeps a second launcher away. @throws PosternError `directory-in-use` */
export const lockOwnSoftware = async (dataDir: string): Promise<DirectoryLock> => {
  await makePrivateDirectory(ownDirectory(dataDir));
  return lockDirectory(ownDirectory(dataDir));
};

/**
 * Decides what to start, writes the decision down, and unpacks it. Waits until no program runs any more: one may be
 * left over from a launcher that was killed. A program on trial that cannot even be unpacked has had its try.
 *
 * @throws PosternError `directory-in-use`, `program-invalid`, `target-record-damaged`, and of the disk
 * @spec U21 X4
 */
export const bootOwnSoftware = async (options: BootOptions, signal: AbortSignal): Promise<OwnProgram> => {
  const { config, ownSoftware, installedVersion, logger } = options;
  const lock = await lockWhenFree(options, signal);
  const { dataDir } = config;
  const { mostBytes } = ownSoftware;
  try {
    const files = await openOwnFiles({ dataDir, mostBytes, installedVersion });
    for (;;) {
      const booted = await decide(options, files);
      await keepDatabaseStartable(dataDir, booted, logger);
      try {
        return await programOf(dataDir, booted, files);
      } catch (error) {
        if (booted.record.boot.phase !== 'trial') throw error;
        logger.error('The new software cannot be started', {
          code: errorCode(error, ''),
          reason: errorMessage(error),
        });
      }
    }
  } finally {
    lock.release();
  }
};

const lockWhenFree = (
  { config: { dataDir }, clock }: BootOptions,
  signal: AbortSignal,
): Promise<DirectoryLock> =>
  withDeadline(clock, RELEASE_LIMIT, 'The end of the former program', signal, async (bounded) => {
    for (;;) {
      try {
        return await lockDirectory(dataDir);
      } catch (error) {
        if (errorCode(error, '') !== 'directory-in-use') throw error;
        await sleep(clock, RELEASE_PAUSE, bounded);
      }
    }
  });

const decide = async (options: BootOptions, files: OwnFiles): Promise<BootedTarget> => {
  const { config, clock, logger } = options;
  const keys = await Promise.all(config.vendorKeyFiles.map((path) => readFile(path, 'utf8')));
  const ports = {
    clock,
    logger,
    deviceId: COMPONENT,
    vendorTrust: pinVendorKeys(keys, config.vendorThreshold),
    memory: files.memory,
    slots: files.slots,
  };
  const booted = await bootTarget(ports);
  if (booted.program === 'firmware') return booted;
  // Both slots have decayed. One that is empty stands for the installed package.
  logger.error('Neither slot holds a whole program any more; the installed one is started');
  await files.disk.clear(otherSlot(booted.slot));
  return bootTarget(ports);
};

const programOf = async (
  dataDir: string,
  { slot, contents, record }: BootedTarget,
  { disk }: OwnFiles,
): Promise<OwnProgram> => {
  const directory = programsDirectory(dataDir);
  const trial = record.boot.phase === 'trial';
  const held = [await disk.contents('A'), await disk.contents('B')];
  await removeOtherPrograms(
    directory,
    held.flatMap((slotContents) => slotContents?.[COMPONENT]?.sha256 ?? []),
  );
  const version = contents[COMPONENT]?.version ?? '';
  const component = (await disk.contents(slot))?.[COMPONENT];
  if (component === undefined) return { version, main: undefined, trial };
  const image = disk.read(slot, COMPONENT);
  const main = await unpackProgram(directory, { sha256: component.sha256, version, image });
  return { version, main, trial };
};
