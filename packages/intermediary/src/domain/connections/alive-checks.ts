import {
  between,
  type Clock,
  type Duration,
  errorCode,
  type Logger,
  Milliseconds,
  stoppedWithin,
  withDeadline,
} from '@postern/core';
import type { PlacementStore } from '../cascade/ports.ts';
import type { DeviceStore } from '../devices.ts';
import { activeDevices } from '../local/each-device.ts';
import type { DeviceCall } from '../requests/ask-device.ts';
import type { Contacts } from './contacts.ts';

export interface AliveChecksOptions {
  readonly devices: DeviceStore;
  readonly contacts: Contacts;
  readonly placements: Pick<PlacementStore, 'isAway'>;
  /** Notes how each exchange went. */
  readonly call: DeviceCall;
  /** Each device is asked once in this time; never when absent. */
  readonly every: Duration | undefined;
  readonly exchangeTimeout: Duration;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Exchanges at a time: a network that swallows everything must not pile them up. */
const AT_A_TIME = 8;

/**
 * Asks the devices of the site whether they are alive, one after the other over the period, so that there is never a
 * burst. One that was heard of within the period is not asked.
 *
 * @spec I2 I3
 */
export class AliveChecks {
  readonly #options: AliveChecksOptions;
  readonly #ending = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(options: AliveChecksOptions) {
    this.#options = options;
  }

  start(): void {
    const { every, logger } = this.#options;
    if (every === undefined) return;
    this.#keep(
      this.#rounds(every).catch((error: unknown) => {
        logger.error('Devices are not asked any more whether they are alive', { error });
      }),
    );
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#running);
  }

  async #rounds(every: Duration): Promise<void> {
    const { signal } = this.#ending;
    const { clock } = this.#options;
    while (!signal.aborted) {
      const round = this.#whomToAsk(every);
      const pause = Milliseconds(every / Math.max(round.length, 1));
      if (round.length === 0) await stoppedWithin(clock, pause, signal);
      for (const deviceId of round) {
        if (await stoppedWithin(clock, pause, signal)) return;
        if (this.#running.size <= AT_A_TIME) this.#keep(this.#ask(deviceId));
      }
    }
  }

  #whomToAsk(every: Duration): readonly string[] {
    const { devices, contacts, placements, clock } = this.#options;
    const now = clock.now();
    return [...activeDevices(devices, placements)]
      .map(({ information }) => information.deviceId)
      .filter((deviceId) => {
        const heard = contacts.of(deviceId)?.succeededAt;
        return heard === undefined || between(heard, now) >= every;
      });
  }

  async #ask(deviceId: string): Promise<void> {
    const { call, clock, exchangeTimeout, logger } = this.#options;
    try {
      await withDeadline(clock, exchangeTimeout, 'The device', this.#ending.signal, (signal) =>
        call(deviceId, { kind: 'ConfirmAlive', value: {} }, signal),
      );
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      logger.debug('A device was not heard', { device: deviceId, code: errorCode(error, 'internal-error') });
    }
  }

  #keep(work: Promise<void>): void {
    const kept = work.finally(() => this.#running.delete(kept));
    this.#running.add(kept);
  }
}
