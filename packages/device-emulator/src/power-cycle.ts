import { type Clock, errorCode, type Logger } from '@postern/core';
import { type BulkService, makeNonce, type TargetPorts, UpdateTarget } from '@postern/software-update';
import { bulkServerOf, needsIdentity } from './adapters/bulk-by-kind.ts';
import { datelessClock } from './adapters/dateless-clock.ts';
import { createEngine, type Engine } from './adapters/engine.ts';
import { faultyBulkService } from './adapters/faults/faulty-bulk-service.ts';
import { faultySlots } from './adapters/faults/faulty-slots.ts';
import { withoutSwitchOver } from './adapters/faults/ignored-update.ts';
import { skewedClock } from './adapters/faults/skewed-clock.ts';
import { type Flash, openFlash } from './adapters/flash/flash.ts';
import type { NvRam } from './adapters/flash/nv-ram.ts';
import { ownIdentity } from './adapters/own-identity.ts';
import { takePasswordList } from './adapters/password-list-file.ts';
import { loadProgram } from './boot-loader.ts';
import type { DevicePorts } from './device-ports.ts';
import type { DeviceSettings } from './device-settings.ts';
import type { CurrentFaults } from './domain/faults.ts';
import type { Panel } from './domain/panel.ts';
import type { JobProfile } from './domain/profile.ts';
import { startFirmware } from './firmware/firmware.ts';
import type { ProgramContext, ProgramKind, RunningProgram, StartNotification } from './program.ts';
import { startUpdaterProgram } from './updater-program/updater-program.ts';

/** The device from one start to the next: all of it is made from what is on the disk. */
export interface PowerCycle extends Omit<RunningProgram, 'stop'> {
  readonly kind: ProgramKind;
  readonly target: UpdateTarget;
  readonly engine: Engine;
  /** Everything in memory is gone, every connection dropped; the disk stays as it is. */
  stop(): Promise<void>;
}

export interface PowerCycleOptions {
  readonly settings: DeviceSettings;
  readonly ports: DevicePorts;
  readonly faults: CurrentFaults;
  readonly panel: Panel;
  /** The fault `ignoreUpdates` strikes at this start. */
  readonly ignoreUpdate: boolean;
  readonly onRestart: () => void;
  readonly onAnnounced: (program: ProgramKind) => void;
  /** Aborts when somebody switches the device off while it starts. */
  readonly power: AbortSignal;
}

/**
 * Starts a device from its disk: boot decision, program, listeners, then what a power cut had interrupted.
 *
 * @throws PosternError `nv-ram-corrupt`, `device-not-manufactured`, `boot-loop`, and those of pki and of listening
 */
export const startPowerCycle = async (options: PowerCycleOptions): Promise<PowerCycle> => {
  const { settings, faults } = options;
  const flash = await openFlash(settings.directory, () => faults().storageBytes ?? Number.POSITIVE_INFINITY);
  try {
    return await run(options, flash);
  } catch (error) {
    await flash.close();
    throw error;
  }
};

const run = async (options: PowerCycleOptions, flash: Flash): Promise<PowerCycle> => {
  const { settings, ports, faults, power } = options;
  const { logger } = ports;
  const skewed = skewedClock(ports.clock, faults);
  const clock = settings.clock === 'none' ? datelessClock(skewed) : skewed;
  const { jobs } = settings.profile;
  const engine = createEngine(
    clock,
    (kind) => count(jobs[kind], flash.nvRam, logger),
    (kind) => jobs[kind]?.blocksUpdate ?? true,
  );
  const freshnessNonce = settings.clock === 'none' ? makeNonce(ports.entropy) : undefined;
  const targetPorts = await targetPortsOf(options, flash, { clock, engine, freshnessNonce });
  if (options.ignoreUpdate) await forgetSwitchOver(flash);
  const booted = await loadProgram(targetPorts, faults);
  const target = new UpdateTarget(targetPorts, booted);
  const off = new AbortController();
  const firmware = booted.program === 'firmware';
  const node =
    firmware || needsIdentity(settings.bulkPathKind) ? await ownIdentity(settings, skewed) : undefined;
  const context: ProgramContext = {
    clock,
    logger,
    entropy: ports.entropy,
    nvRam: flash.nvRam,
    bulkServer: await bulkServerOf(settings, node),
    service: faultyBulkService(target satisfies BulkService, clock, faults),
    startNotification: () => notification(target, faults),
    onAnnounced: () => options.onAnnounced(booted.program),
    signal: AbortSignal.any([off.signal, power]),
  };
  const program =
    firmware && node !== undefined
      ? await startFirmware(settings, {
          ...context,
          node,
          revocations: ports.revocations,
          target,
          engine,
          panel: options.panel,
          freshnessNonce,
        })
      : await startUpdaterProgram(settings, context);
  target.resume();
  return {
    ...program,
    kind: booted.program,
    target,
    engine,
    stop: async () => {
      off.abort();
      target.stop();
      engine.stop();
      await program.stop();
      await flash.close();
    },
  };
};

const targetPortsOf = async (
  { settings, ports, faults, onRestart }: PowerCycleOptions,
  flash: Flash,
  made: {
    readonly clock: Clock;
    readonly engine: Engine;
    readonly freshnessNonce: string | undefined;
  },
): Promise<TargetPorts> => {
  const { directory, id, model, passwordListFile } = settings;
  const { clock, engine, freshnessNonce } = made;
  const passwordList = await takePasswordList(directory, id, passwordListFile);
  return {
    clock,
    logger: ports.logger,
    deviceId: id,
    model,
    vendorTrust: ports.vendorTrust,
    ...(freshnessNonce === undefined ? {} : { signedTime: { timeKeys: ports.timeKeys, freshnessNonce } }),
    ...(passwordList === undefined ? {} : { passwordList }),
    memory: flash.nvRam.targetMemory,
    slots: faultySlots(flash.slots, directory, faults),
    engine,
    restart: onRestart,
  };
};

const notification = (target: UpdateTarget, faults: CurrentFaults): StartNotification | undefined => {
  const { muteStartNotification, notifyWithoutMac } = faults();
  if (muteStartNotification === true) return undefined;
  const { mac, ...rest } = target.startNotification();
  return mac === undefined || notifyWithoutMac === true ? rest : { ...rest, mac };
};

const forgetSwitchOver = async ({ nvRam, slots }: Flash): Promise<void> => {
  const target = await withoutSwitchOver(nvRam.content.target, slots);
  if (target !== undefined) await nvRam.update((content) => ({ ...content, target }));
};

/** A counter that could not be written is lost: the job it counts is not undone for it. */
const count = (job: JobProfile | undefined, nvRam: NvRam, logger: Logger): void => {
  if (job === undefined) return;
  const name = job.counter;
  nvRam
    .update((content) => ({
      ...content,
      counters: { ...content.counters, [name]: (content.counters[name] ?? 0) + 1 },
    }))
    .catch((error: unknown) => {
      logger.warn('A counter was not saved', { counter: name, code: errorCode(error, 'internal-error') });
    });
};
