import { errorCode, errorMessage, type Logger, throwIfCancelled } from '@postern/core';
import type { DeviceEvent } from './device-ports.ts';
import type { PowerState } from './device-view.ts';
import type { CurrentFaults } from './domain/faults.ts';
import type { PowerCycle, PowerCycleOptions, RestartReason } from './power-cycle.ts';

/** What a start needs to know that differs from the one before it. */
export type Boot = Pick<PowerCycleOptions, 'power' | 'ignoreUpdate' | 'onRestart'>;

export interface PowerSwitchOptions {
  /** Starts the device from its disk. */
  readonly boot: (boot: Boot) => Promise<PowerCycle>;
  readonly faults: CurrentFaults;
  readonly logger: Logger;
  readonly onEvent: (event: DeviceEvent) => void;
  /** The state has become another one, without an event. */
  readonly onChange: () => void;
}

/** The life of a device from power cycle to power cycle: switched on and off, and restarted by itself. */
export class PowerSwitch {
  readonly #options: PowerSwitchOptions;
  #ignoredUpdates = 0;
  #crashed = false;
  #cycle: PowerCycle | undefined;
  #state: PowerState = 'off';
  /** Where the switch stands. Turned at once, so that a start under way ends without being waited for. */
  #power = switchedOff();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(options: PowerSwitchOptions) {
    this.#options = options;
  }

  get state(): PowerState {
    return this.#state;
  }

  /** What runs, while something does. */
  get cycle(): PowerCycle | undefined {
    return this.#cycle;
  }

  /**
   * Resolves when the listeners are up.
   *
   * @returns whether the device was off until now
   * @throws PosternError why it could not start; it is `halted` then. `cancelled` when it was switched off meanwhile
   */
  on(): Promise<boolean> {
    if (this.#power.signal.aborted) this.#power = new AbortController();
    const { signal } = this.#power;
    return this.#exclusively(async () => {
      if (this.#cycle !== undefined) return false;
      throwIfCancelled(signal);
      await this.#start(signal, false);
      return true;
    });
  }

  /** Pulls the plug: nothing is saved that is not on the disk already. */
  off(): Promise<void> {
    this.#power.abort();
    return this.#exclusively(() => this.#stop());
  }

  /** The device has other faults now: those that strike a number of times begin anew. */
  faultsChanged(): void {
    this.#ignoredUpdates = 0;
    this.#crashed = false;
  }

  /** After an installation (S114), or by command: everything in memory is gone, and the device comes up again from its disk. */
  #restart(power: AbortSignal, why: RestartReason): void {
    if (why === 'crash' && this.#crashed) return;
    if (why === 'crash') this.#crashed = true;
    void this.#exclusively(async () => {
      if (power.aborted || this.#cycle === undefined) return;
      const { faults, logger, onEvent } = this.#options;
      logger.info('The device restarts', { reason: why });
      onEvent({ type: 'restarting' });
      await this.#stop();
      const installation = why === 'installation';
      const { neverReturns = false, ignoreUpdates = 0 } = faults();
      if (installation && neverReturns) return;
      const ignoreUpdate = installation && this.#ignoredUpdates < ignoreUpdates;
      if (ignoreUpdate) this.#ignoredUpdates += 1;
      await this.#start(power, ignoreUpdate);
    }).catch(() => {});
  }

  async #start(power: AbortSignal, ignoreUpdate: boolean): Promise<void> {
    const { boot, logger, onEvent, onChange } = this.#options;
    this.#state = 'starting';
    onChange();
    try {
      const cycle = await boot({ power, ignoreUpdate, onRestart: (why) => this.#restart(power, why) });
      this.#cycle = cycle;
      this.#state = 'running';
      logger.info('The device has started', { name: cycle.kind });
      onEvent({ type: 'started', program: cycle.kind, versions: cycle.target.versions });
    } catch (error) {
      this.#startFailed(power, error);
      throw error;
    }
  }

  #startFailed(power: AbortSignal, error: unknown): void {
    const { logger, onEvent } = this.#options;
    if (power.aborted) {
      this.#state = 'off';
      onEvent({ type: 'stopped' });
      return;
    }
    this.#state = 'halted';
    const code = errorCode(error, 'internal-error');
    logger.error('The device could not start', { code, reason: errorMessage(error) });
    onEvent({ type: 'halted', code });
  }

  async #stop(): Promise<void> {
    const cycle = this.#cycle;
    this.#cycle = undefined;
    this.#state = 'off';
    if (cycle === undefined) return;
    await cycle.stop();
    this.#options.onEvent({ type: 'stopped' });
  }

  /** Switching on, off and restarting happen one after the other. */
  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {});
    return result;
  }
}

const switchedOff = (): AbortController => {
  const power = new AbortController();
  power.abort();
  return power;
};
