import type { Party } from '@postern/software-update';
import { skewedClock } from './adapters/faults/skewed-clock.ts';
import type { OwnPort } from './adapters/flash/nv-ram.ts';
import type { EngineJob, EngineTrouble, JobOrder } from './control/engine-types.ts';
import { type BehindPanel, type EnergySaverResult, OperationControl } from './control/operation-control.ts';
import type { DeviceEvent, DevicePorts } from './device-ports.ts';
import { advertised, type DeviceSettings } from './device-settings.ts';
import type { DeviceView, PowerState } from './device-view.ts';
import { createDeviceLog, type DeviceLog } from './domain/device-log.ts';
import { type SignalChange, traced } from './domain/engine-power.ts';
import type { DeviceFaults } from './domain/faults.ts';
import { createPanel, type Panel } from './domain/panel.ts';
import type { PanelOrderResult } from './domain/panel-order.ts';
import { blockingJob } from './domain/profile.ts';
import type { CallResult } from './domain/service-calls.ts';
import { deviceError } from './errors.ts';
import { type PowerCycle, startPowerCycle } from './power-cycle.ts';
import { PowerSwitch } from './power-switch.ts';
import type { ProgramKind } from './program.ts';

/** Host and port under which others reach a device. */
export interface DeviceAddress {
  readonly host: string;
  readonly port: number;
}

/** An emulated device with its power switch. */
export class Device {
  readonly id: string;
  readonly #settings: DeviceSettings;
  readonly #ports: DevicePorts;
  readonly #panel: Panel;
  readonly #operation: OperationControl;
  readonly #power: PowerSwitch;
  #signals: readonly SignalChange[] = [];
  #faults: DeviceFaults;

  constructor(settings: DeviceSettings, ports: DevicePorts) {
    this.id = settings.id;
    this.#settings = settings;
    this.#faults = settings.faults;
    const log = createDeviceLog(skewedClock(ports.clock, () => this.#faults));
    this.#ports = { ...ports, logger: log.tee(ports.logger.child({ device: settings.id })) };
    this.#panel = createPanel((line) => this.#emit({ type: 'panel', line }));
    this.#operation = new OperationControl({
      deviceId: settings.id,
      panel: this.#panel,
      clock: ports.clock,
      entropy: ports.entropy,
      onStep: ports.onStep,
      behind: () => this.#behindPanel,
      onResult: (result) => this.#emit(result),
    });
    this.#power = this.#powerSwitch(log);
  }

  get model(): string {
    return this.#settings.model;
  }

  /** The name of the profile it was made of. */
  get profile(): string {
    return this.#settings.profile.name;
  }

  get state(): PowerState {
    return this.#power.state;
  }

  /** What runs, while something does. */
  get program(): ProgramKind | undefined {
    return this.#cycle?.kind;
  }

  /** Versions that run, by component; empty while the device is down. */
  get versions(): Readonly<Record<string, string>> {
    return this.#cycle?.target.versions ?? {};
  }

  /** Where the secure path is; the updater program has none. */
  get securePath(): DeviceAddress | undefined {
    const port = this.#cycle?.soapPort;
    return port === undefined ? undefined : advertised(this.#settings.soap, port);
  }

  get bulkPath(): DeviceAddress | undefined {
    const port = this.#cycle?.ftpPort;
    return port === undefined ? undefined : advertised(this.#settings.ftp, port);
  }

  /** Where requests without secrets come in plain HTTP, if the device takes them. */
  get plainPath(): DeviceAddress | undefined {
    const { plain } = this.#settings;
    const port = this.#cycle?.plainPort;
    return plain === undefined || port === undefined ? undefined : advertised(plain, port);
  }

  /** The ports it listens on, whatever it advertises; the updater program has the bulk path only. */
  get ports(): Readonly<Record<OwnPort, number | undefined>> {
    const { soapPort: soap, ftpPort: ftp, plainPort: plain } = this.#cycle ?? {};
    return { soap, ftp, plain };
  }

  /** What the display of the panel shows, the newest line last. */
  get panel(): readonly string[] {
    return this.#panel.lines;
  }

  /**
   * Presses the update key of the panel. Whatever comes of it is shown there; never rejects. Pressed again while an
   * order is under way, it gives that one's result.
   *
   * @param generator who makes the one-time password; as the device is configured unless given
   * @spec U16 U17
   */
  orderUpdate({
    generator = this.#settings.panelOrders,
  }: {
    generator?: Party;
  } = {}): Promise<PanelOrderResult> {
    return this.#operation.orderUpdate(generator);
  }

  /**
   * Switches the device on; resolves when its listeners are up. The start notification follows by itself.
   *
   * @throws PosternError why it could not start; the device is `halted` then. `cancelled` when it was switched off meanwhile
   */
  async powerOn(): Promise<void> {
    if (!(await this.#power.on())) return;
    const { jobRunningFor } = this.#faults;
    const kind = blockingJob(this.#settings.profile);
    if (jobRunningFor === undefined || kind === undefined || this.program !== 'firmware') return;
    this.startJob({ kind, duration: jobRunningFor });
  }

  /** Pulls the plug: nothing is saved that is not on the disk already. */
  powerOff(): Promise<void> {
    return this.#power.off();
  }

  /**
   * Starts a job of one of the device's applications, from the network say.
   *
   * @throws PosternError `firmware-not-running`, `job-kind-unknown`, `application-stopped`, `engine-queue-full`
   * @spec D3
   */
  startJob(order: JobOrder): EngineJob {
    return this.#operation.startJob(order);
  }

  /** Takes a running or reserved job out. @returns whether there was one */
  cancelJob(id: number): boolean {
    return this.#cycle?.engine.cancel(id) ?? false;
  }

  /** Presses the start key of the panel: a copy unless another job is ordered. @throws as {@link Device.startJob} */
  pressStart({ kind = 'copy', ...order }: Partial<JobOrder> = {}): EngineJob {
    return this.#operation.pressStart({ kind, ...order });
  }

  /**
   * Presses the energy-saver key: the engine saves energy, or wakes.
   *
   * @throws PosternError `firmware-not-running`
   * @spec D2
   */
  pressEnergySaver(): EnergySaverResult {
    return this.#operation.pressEnergySaver();
  }

  /**
   * Presses the user-call key: asks for service. Whatever comes of it is shown on the panel; never rejects. Pressed again
   * while a call is under way, it is that call.
   *
   * @spec R6 R7 R8
   */
  callService({ reason = '' }: { reason?: string } = {}): Promise<CallResult> {
    return this.#operation.callService(reason);
  }

  /** Lets something happen to the engine: paper jams, or it answers no more. The intermediary is told. */
  trouble(what: EngineTrouble): void {
    const engine = this.#cycle?.engine;
    if (what === 'paper-jam') engine?.jam();
    else engine?.fail();
  }

  /** Somebody takes the paper out and mends the engine. */
  mend(): void {
    this.#cycle?.engine.mend();
  }

  /**
   * Somebody puts a full supply in.
   *
   * @throws PosternError `firmware-not-running`, `supply-unknown`
   */
  async refill(supply: string): Promise<void> {
    const behind = this.#behindPanel;
    if (behind === undefined) {
      throw deviceError('firmware-not-running', `The firmware of ${this.id} does not run`);
    }
    await behind.system.refill(supply);
  }

  /** Both lines between controller and engine at their latest changes, the newest last (Fig 8). */
  get signals(): readonly SignalChange[] {
    return this.#signals;
  }

  /** What can be seen of it now. */
  get view(): DeviceView {
    const { profile, model } = this.#settings;
    const { engine, system } = this.#cycle ?? {};
    return {
      id: this.id,
      model,
      description: profile.description,
      at: this.#ports.clock.now(),
      power: this.#power.state,
      ...(this.program === undefined ? {} : { program: this.program }),
      versions: this.versions,
      panel: this.panel,
      calling: this.#operation.calling,
      calls: system?.calls ?? [],
      engine: {
        state: engine?.state ?? 'off',
        busy: engine?.busy ?? false,
        jammed: engine?.jammed ?? false,
      },
      signals: this.#signals,
      jobs: engine?.jobs ?? [],
      jobKinds: Object.keys(profile.jobs),
      counters: system?.counters ?? {},
      supplies: system?.supplies ?? {},
      applications: system?.applications ?? [],
    };
  }

  /** Replaces the device's faults, from now on. */
  setFaults(faults: DeviceFaults): void {
    this.#faults = faults;
    this.#power.faultsChanged();
  }

  get #cycle(): PowerCycle | undefined {
    return this.#power.cycle;
  }

  /** Only the firmware has keys. */
  get #behindPanel(): BehindPanel | undefined {
    const cycle = this.#cycle;
    if (cycle?.orderUpdate === undefined || cycle.placeCall === undefined) return undefined;
    const { engine, system, orderUpdate, placeCall } = cycle;
    return { engine, system, orderUpdate, placeCall };
  }

  #powerSwitch(log: DeviceLog): PowerSwitch {
    const whole = {
      settings: this.#settings,
      ports: this.#ports,
      faults: () => this.#faults,
      panel: this.#panel,
      log,
      onAnnounced: (program: ProgramKind) => this.#emit({ type: 'announced', program }),
      onSignals: (change: SignalChange) => {
        this.#signals = traced(this.#signals, change);
      },
      onChange: () => this.#changed(),
    };
    return new PowerSwitch({
      boot: (boot) => startPowerCycle({ ...whole, ...boot }),
      faults: whole.faults,
      logger: this.#ports.logger,
      onEvent: (event) => this.#emit(event),
      onChange: whole.onChange,
    });
  }

  #emit(event: DeviceEvent): void {
    this.#ports.onEvent?.(this.id, event);
    this.#changed();
  }

  #changed(): void {
    this.#ports.onChange?.(this.id);
  }
}

/** A device that is switched off. */
export const createDevice = (settings: DeviceSettings, ports: DevicePorts): Device =>
  new Device(settings, ports);
