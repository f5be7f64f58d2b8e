import { errorCode, errorMessage, throwIfCancelled } from '@postern/core';
import type { Party } from '@postern/software-update';
import type { EngineJob, JobOrder } from './adapters/engine.ts';
import type { OwnPort } from './adapters/flash/nv-ram.ts';
import type { DeviceEvent, DevicePorts } from './device-ports.ts';
import { advertised, type DeviceSettings } from './device-settings.ts';
import type { DeviceFaults } from './domain/faults.ts';
import { createPanel, type Panel } from './domain/panel.ts';
import type { PanelOrderResult } from './domain/panel-order.ts';
import { blockingJob, jobOf } from './domain/profile.ts';
import { type DeviceErrorCode, deviceError } from './errors.ts';
import { type PowerCycle, startPowerCycle } from './power-cycle.ts';
import type { OrderUpdate, ProgramKind } from './program.ts';

/** `halted`: the device tried to start and could not; the log says why. */
export type PowerState = 'off' | 'starting' | 'running' | 'halted';

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
  #faults: DeviceFaults;
  #ignoredUpdates = 0;
  #order: Promise<PanelOrderResult> | undefined;
  #cycle: PowerCycle | undefined;
  #state: PowerState = 'off';
  /** Where the switch stands. Turned at once, so that a start under way ends without being waited for. */
  #power = switchedOff();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(settings: DeviceSettings, ports: DevicePorts) {
    this.id = settings.id;
    this.#settings = settings;
    this.#ports = { ...ports, logger: ports.logger.child({ device: settings.id }) };
    this.#panel = createPanel((line) => this.#emit({ type: 'panel', line }));
    this.#faults = settings.faults;
  }

  get state(): PowerState {
    return this.#state;
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
    this.#order ??= this.#placeOrder(generator).finally(() => {
      this.#order = undefined;
    });
    return this.#order;
  }

  /**
   * Switches the device on; resolves when its listeners are up. The start notification follows by itself.
   *
   * @throws PosternError why it could not start; the device is `halted` then. `cancelled` when it was switched off meanwhile
   */
  powerOn(): Promise<void> {
    if (this.#power.signal.aborted) this.#power = new AbortController();
    const { signal } = this.#power;
    return this.#exclusively(async () => {
      if (this.#cycle !== undefined) return;
      throwIfCancelled(signal);
      await this.#start(signal, false);
      const { jobRunningFor } = this.#faults;
      if (jobRunningFor !== undefined && this.program === 'firmware') {
        const kind = blockingJob(this.#settings.profile);
        if (kind !== undefined) this.startJob({ kind, duration: jobRunningFor });
      }
    });
  }

  /** Pulls the plug: nothing is saved that is not on the disk already. */
  powerOff(): Promise<void> {
    this.#power.abort();
    return this.#exclusively(() => this.#stop());
  }

  /**
   * Starts a job of one of the device's applications.
   *
   * @throws PosternError `job-kind-unknown`, `firmware-not-running`, `engine-queue-full`
   */
  startJob(order: JobOrder): EngineJob {
    jobOf(this.#settings.profile, order.kind);
    if (this.#cycle?.kind !== 'firmware') {
      throw deviceError('firmware-not-running', `The firmware of ${this.id} does not run`);
    }
    return this.#cycle.engine.start(order);
  }

  /** Replaces the device's faults, from now on. */
  setFaults(faults: DeviceFaults): void {
    this.#faults = faults;
    this.#ignoredUpdates = 0;
  }

  async #placeOrder(generator: Party): Promise<PanelOrderResult> {
    const place = this.#cycle?.orderUpdate ?? noFirmware(this.id);
    this.#panel.show('Ordering an update …');
    const result = await place(generator);
    this.#panel.show(result.text);
    this.#emit({ type: 'order', ...result });
    return result;
  }

  /** S114: everything in memory is gone, and the device comes up again from its disk. */
  #restart(power: AbortSignal): void {
    void this.#exclusively(async () => {
      if (power.aborted || this.#cycle === undefined) return;
      this.#emit({ type: 'restarting' });
      await this.#stop();
      if (this.#faults.neverReturns === true) return;
      const ignoreUpdate = this.#ignoredUpdates < (this.#faults.ignoreUpdates ?? 0);
      if (ignoreUpdate) this.#ignoredUpdates += 1;
      await this.#start(power, ignoreUpdate);
    }).catch(() => {});
  }

  async #start(power: AbortSignal, ignoreUpdate: boolean): Promise<void> {
    this.#state = 'starting';
    try {
      const cycle = await startPowerCycle({
        settings: this.#settings,
        ports: this.#ports,
        faults: () => this.#faults,
        panel: this.#panel,
        ignoreUpdate,
        onRestart: () => this.#restart(power),
        onAnnounced: (program) => this.#emit({ type: 'announced', program }),
        power,
      });
      this.#cycle = cycle;
      this.#state = 'running';
      this.#emit({ type: 'started', program: cycle.kind, versions: cycle.target.versions });
    } catch (error) {
      this.#startFailed(power, error);
      throw error;
    }
  }

  #startFailed(power: AbortSignal, error: unknown): void {
    if (power.aborted) {
      this.#state = 'off';
      this.#emit({ type: 'stopped' });
      return;
    }
    this.#state = 'halted';
    const code = errorCode(error, 'internal-error');
    this.#ports.logger.error('The device could not start', { code, reason: errorMessage(error) });
    this.#emit({ type: 'halted', code });
  }

  async #stop(): Promise<void> {
    const cycle = this.#cycle;
    this.#cycle = undefined;
    this.#state = 'off';
    if (cycle === undefined) return;
    await cycle.stop();
    this.#emit({ type: 'stopped' });
  }

  #emit(event: DeviceEvent): void {
    this.#ports.onEvent?.(this.id, event);
  }

  /** Switching on, off and restarting happen one after the other. */
  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {});
    return result;
  }
}

/** The update key of a device whose firmware does not run. */
const noFirmware =
  (id: string): OrderUpdate =>
  async () => ({
    orderId: '',
    outcome: 'failed',
    code: 'firmware-not-running' satisfies DeviceErrorCode,
    text: `No update: the firmware of ${id} does not run`,
  });

const switchedOff = (): AbortController => {
  const power = new AbortController();
  power.abort();
  return power;
};

/** A device that is switched off. */
export const createDevice = (settings: DeviceSettings, ports: DevicePorts): Device =>
  new Device(settings, ports);
