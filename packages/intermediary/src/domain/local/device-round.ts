import type { device, uplink } from '@postern/contracts';
import {
  after,
  type Clock,
  type Entropy,
  errorCode,
  type Logger,
  randomId,
  Seconds,
  stoppedWithin,
} from '@postern/core';
import type { PlacementStore } from '../cascade/ports.ts';
import type { DeviceStore } from '../devices.ts';
import type { DeviceRequests } from '../requests/device-requests.ts';
import type { DeviceRequest } from '../requests/request-kinds.ts';
import { inParallel } from '../search/in-parallel.ts';
import type { Deliveries } from '../uplink/deliveries.ts';
import { activeDevices } from './each-device.ts';

export interface DeviceRoundOptions {
  readonly devices: DeviceStore;
  readonly placements: Pick<PlacementStore, 'isAway'>;
  readonly ask: DeviceRequests['ask'];
  readonly deliveries: Pick<Deliveries, 'add' | 'limit'>;
  /** How many deliveries wait for the node above. */
  readonly countWaiting: () => number;
  /** As many may wait before a round does; the rest of the queue is for what devices say themselves. */
  readonly mostWaiting: number;
  readonly atATime: number;
  /** Commits what `work` wrote, or nothing when it throws. */
  readonly transaction: (work: () => void) => void;
  /** There is something to deliver. */
  readonly wake: () => void;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}

/** What a round asks every device, and what it makes of the answer. */
export interface DeviceReading {
  readonly task: device.ScheduledTask;
  readonly question: (deviceId: string) => DeviceRequest;
  /**
   * What goes up; nothing where there is nothing new. What `keep` writes is stored together with the delivery.
   *
   * @throws Error when the device has answered something else
   */
  readonly news: (deviceId: string, answer: uplink.ResponseBody) => DeviceNews | undefined;
}

export interface DeviceNews {
  readonly body: uplink.DeliverBody;
  readonly keep?: () => void;
}

/** One device, all its tries together. */
const ONE_DEVICE = Seconds(60);
/** Looked at as often whether the node above has taken something. */
const ROOM_AGAIN = Seconds(5);

/**
 * Asks all devices of the site, some at a time, and sends up what each has answered, a delivery for each. Whoever does not
 * answer is passed over, and logged when he did answer in the round before.
 *
 * @returns does one round; ends early when the signal aborts
 * @spec I3
 */
export const deviceRound = (
  options: DeviceRoundOptions,
  reading: DeviceReading,
): ((signal: AbortSignal) => Promise<void>) => {
  let silentBefore: ReadonlySet<string> = new Set();
  return async (signal) => {
    const { devices, placements, atATime, logger } = options;
    const { task } = reading;
    const silent = new Set<string>();
    const names = [...activeDevices(devices, placements)].map(({ information }) => information.deviceId);
    let sent = 0;
    await inParallel([...new Set(names)], atATime, signal, async (deviceId) => {
      if (await untilRoom(options, signal)) return;
      try {
        if (await readOne(options, reading, deviceId, signal)) sent += 1;
      } catch (error) {
        if (signal.aborted) throw error;
        silent.add(deviceId);
        if (silentBefore.has(deviceId)) return;
        logger.warn('A device was passed over', {
          task,
          device: deviceId,
          code: errorCode(error, 'internal-error'),
        });
      }
    });
    silentBefore = silent;
    logger.info('All devices were read', { task, devices: names.length, silent: silent.size, sent });
  };
};

/** @returns whether there was something to send */
const readOne = async (
  { ask, deliveries, transaction, wake, clock, entropy }: DeviceRoundOptions,
  { question, news }: DeviceReading,
  deviceId: string,
  signal: AbortSignal,
): Promise<boolean> => {
  const requestId = `scheduled-${randomId(entropy)}`;
  const expiresAt = after(clock.now(), ONE_DEVICE);
  const found = news(
    deviceId,
    await ask({ requestId, deviceId, body: question(deviceId) }, expiresAt, signal),
  );
  if (found === undefined) return false;
  transaction(() => {
    deliveries.add({ deliveryId: requestId, deviceId, at: clock.now(), body: found.body });
    found.keep?.();
  });
  deliveries.limit();
  wake();
  return true;
};

/** @returns whether the round ended meanwhile */
const untilRoom = async (
  { countWaiting, mostWaiting, clock }: DeviceRoundOptions,
  signal: AbortSignal,
): Promise<boolean> => {
  while (countWaiting() >= mostWaiting) {
    if (await stoppedWithin(clock, ROOM_AGAIN, signal)) return true;
  }
  return signal.aborted;
};
