import { readFile } from 'node:fs/promises';
import type { Clock, Entropy, Logger } from '@postern/core';
import {
  type BulkPathKind,
  bootTarget,
  type EngineJobs,
  pinVendorKeys,
  UpdateTarget,
} from '@postern/software-update';
import { openFlash } from '../adapters/flash/flash.ts';
import { openPasswordList } from '../adapters/password-list-file.ts';
import { plainFtp } from '../adapters/plain-ftp.ts';
import { deviceError } from '../errors.ts';
import { startUpdaterProgram, type UpdaterProgramSettings } from './updater-program.ts';

/** What the updater program is told when it runs without the rest of the emulator. */
export interface UpdaterProgramConfig extends UpdaterProgramSettings {
  /** The device's own directory. */
  readonly directory: string;
  readonly model: string;
  /** Public keys in PEM. */
  readonly vendorKeyFiles: readonly string[];
  /** Signatures that a manifest must bear; 1 unless given. */
  readonly vendorThreshold?: number;
  /** Of the device; this program serves plain FTP only, and does not start in place of another. */
  readonly bulkPathKind?: BulkPathKind;
}

/** Without firmware no job can run. */
const NO_JOBS: EngineJobs = { holdWhenIdle: async () => ({ release: () => {} }) };

/**
 * Runs the updater program on a device's disk until it asks for a restart or `signal` aborts.
 *
 * @param onListening told the FTP port
 * @throws PosternError `firmware-usable` when the boot record has firmware to start; `bulk-path-encrypted` where plain
 *   FTP would be a downgrade
 * @spec D5
 */
export const runUpdaterProgram = async (
  config: UpdaterProgramConfig,
  { clock, entropy, logger }: { clock: Clock; entropy: Entropy; logger: Logger },
  signal: AbortSignal,
  onListening: (port: number) => void,
): Promise<void> => {
  const { bulkPathKind = 'ftp' } = config;
  if (bulkPathKind !== 'ftp') {
    throw deviceError('bulk-path-encrypted', `The bulk path of ${config.id} is ${bulkPathKind}`);
  }
  const pems = await Promise.all(config.vendorKeyFiles.map((path) => readFile(path, 'utf8')));
  const flash = await openFlash(config.directory, () => Number.POSITIVE_INFINITY);
  const off = new AbortController();
  const ended = new Promise<void>((resolve) => off.signal.addEventListener('abort', () => resolve()));
  const passwordList = await openPasswordList(config.directory);
  const ports = {
    clock,
    logger,
    deviceId: config.id,
    model: config.model,
    vendorTrust: pinVendorKeys(pems, config.vendorThreshold),
    ...(passwordList === undefined ? {} : { passwordList }),
    memory: flash.nvRam.targetMemory,
    slots: flash.slots,
    engine: NO_JOBS,
    restart: () => off.abort(),
  };
  const booted = await bootTarget(ports);
  if (booted.program === 'firmware') {
    throw deviceError('firmware-usable', `${config.id} has firmware that can be started`);
  }
  const target = new UpdateTarget(ports, booted);
  const stop = (): void => off.abort();
  signal.addEventListener('abort', stop, { once: true });
  // It may have come while the slots were read.
  if (signal.aborted) stop();
  const program = await startUpdaterProgram(config, {
    clock,
    entropy,
    logger,
    nvRam: flash.nvRam,
    bulkServer: plainFtp,
    service: target,
    startNotification: () => target.startNotification(),
    onAnnounced: () => {},
    signal: off.signal,
  });
  onListening(program.ftpPort);
  target.resume();
  await ended;
  signal.removeEventListener('abort', stop);
  target.stop();
  await program.stop();
  await flash.close();
};
