import { type Clock, Seconds } from '@postern/core';
import { type BulkService, makeNonce, type TargetPorts, UpdateTarget } from '@postern/software-update';
import { bulkServerOf, needsIdentity } from './adapters/bulk-by-kind.ts';
import { datelessClock } from './adapters/dateless-clock.ts';
import { abnormalityStorm } from './adapters/faults/abnormality-storm.ts';
import { faultyBulkService } from './adapters/faults/faulty-bulk-service.ts';
import { faultySlots } from './adapters/faults/faulty-slots.ts';
import { faultySoapService } from './adapters/faults/faulty-soap-service.ts';
import { withoutSwitchOver } from './adapters/faults/ignored-update.ts';
import { skewedClock } from './adapters/faults/skewed-clock.ts';
import { type Flash, openFlash } from './adapters/flash/flash.ts';
import type { DeviceMemory } from './adapters/flash/nv-ram.ts';
import { watchedMemory } from './adapters/flash/watched-memory.ts';
import { ownIdentity } from './adapters/own-identity.ts';
import { takePasswordList } from './adapters/password-list-file.ts';
import { loadProgram } from './boot-loader.ts';
import { EngineControl } from './control/engine-control.ts';
import { SystemControl, TROUBLES } from './control/system-control.ts';
import type { DevicePorts } from './device-ports.ts';
import type { DeviceSettings } from './device-settings.ts';
import type { DeviceLog } from './domain/device-log.ts';
import type { SignalChange } from './domain/engine-power.ts';
import type { CurrentFaults } from './domain/faults.ts';
import type { Panel } from './domain/panel.ts';
import { startFirmware } from './firmware/firmware.ts';
import type { ProgramContext, ProgramKind, RunningProgram, StartNotification } from './program.ts';
import { startUpdaterProgram } from './updater-program/updater-program.ts';

/** Why a device restarts by itself. */
export type RestartReason = 'installation' | 'command' | 'crash';

/** The device from one start to the next: all of it is made from what is on the disk. */
export interface PowerCycle extends Omit<RunningProgram, 'stop'> {
  readonly kind: ProgramKind;
  readonly target: UpdateTarget;
  readonly engine: EngineControl;
  readonly system: SystemControl;
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
  readonly log: DeviceLog;
  readonly onRestart: (why: RestartReason) => void;
  readonly onAnnounced: (program: ProgramKind) => void;
  readonly onSignals: (change: SignalChange) => void;
  /** Something that can be seen of the device has changed. */
  readonly onChange: () => void;
  /** Aborts when somebody switches the device off while it starts. */
  readonly power: AbortSignal;
}

/**
 * Starts a device from its disk: boot decision, program, listeners, then what a power cut had interrupted.
 *
 * @throws PosternError `nv-ram-corrupt`, `device-not-manufactured`, `boot-loop`, and those of pki and of listening
 */
export const startPowerCycle = async (options: PowerCycleOptions): Promise<PowerCycle> => {
  const { settings, ports, faults } = options;
  const flash = await openFlash(settings.directory, () => faults().storageBytes ?? Number.POSITIVE_INFINITY);
  const skewed = skewedClock(ports.clock, faults);
  const clock = settings.clock === 'none' ? datelessClock(skewed) : skewed;
  const controls = controlsOf(options, flash, clock);
  try {
    controls.engine.powerOn();
    return await run(options, flash, { ...controls, clock, skewed });
  } catch (error) {
    controls.engine.stop();
    await flash.close();
    throw error;
  }
};

const run = async (
  options: PowerCycleOptions,
  flash: Flash,
  made: Controls & { readonly clock: Clock; readonly skewed: Clock },
): Promise<PowerCycle> => {
  const { settings, ports, faults, power } = options;
  const { logger } = ports;
  const { nvRam, system, engine, clock, skewed } = made;
  const freshnessNonce = settings.clock === 'none' ? makeNonce(ports.entropy) : undefined;
  const targetPorts = await targetPortsOf(options, flash, { clock, engine, freshnessNonce });
  if (options.ignoreUpdate) await forgetSwitchOver(flash);
  const booted = await loadProgram(targetPorts, faults);
  const target = new UpdateTarget(targetPorts, booted);
  const off = new AbortController();
  const firmware = booted.program === 'firmware';
  const node =
    firmware || needsIdentity(settings.bulkPathKind)
      ? await ownIdentity(settings, { clock: skewed, logger })
      : undefined;
  const context: ProgramContext = {
    clock,
    logger,
    entropy: ports.entropy,
    nvRam,
    bulkServer: await bulkServerOf(settings, node),
    service: faultyBulkService(target satisfies BulkService, clock, faults, () => options.onRestart('crash')),
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
          system,
          panel: options.panel,
          log: options.log,
          contents: flash.files,
          restart: () => options.onRestart('command'),
          freshnessNonce,
          disturbed: (service) => faultySoapService(service, clock, context.signal, faults),
        })
      : await startUpdaterProgram(settings, context);
  target.resume();
  void abnormalityStorm(clock, context.signal, faults, (code, text) => system.abnormality(code, text));
  return {
    ...program,
    kind: booted.program,
    target,
    engine,
    system,
    stop: async () => {
      off.abort();
      target.stop();
      engine.stop();
      await program.stop();
      await flash.close();
    },
  };
};

interface Controls {
  readonly nvRam: DeviceMemory;
  readonly system: SystemControl;
  readonly engine: EngineControl;
}

/** System control and engine control (Fig 7), which know each other by callbacks only. */
const controlsOf = (
  { settings, ports, panel, onSignals, onChange }: PowerCycleOptions,
  flash: Flash,
  clock: Clock,
): Controls => {
  const { id, profile, engineStartUp = Seconds(profile.engine.startSeconds) } = settings;
  const nvRam = watchedMemory(flash.nvRam, () => {
    engine.settingsChanged();
    onChange();
  });
  const { entropy, logger, onStep } = ports;
  const system = new SystemControl({ deviceId: id, profile, nvRam, clock, entropy, logger, onStep });
  const engine = new EngineControl({
    clock,
    times: { startUp: engineStartUp, savesEnergyAfter: () => system.savesEnergyAfter },
    observer: {
      onUnit: (kind) => system.unitMade(kind),
      onSignals,
      onJobs: onChange,
      onTrouble: (trouble) => {
        panel.show(TROUBLES[trouble]);
        void system.abnormality(trouble, TROUBLES[trouble]);
      },
    },
  });
  return { nvRam, system, engine };
};

const targetPortsOf = async (
  { settings, ports, faults, onRestart }: PowerCycleOptions,
  flash: Flash,
  made: {
    readonly clock: Clock;
    readonly engine: EngineControl;
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
    restart: () => onRestart('installation'),
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
