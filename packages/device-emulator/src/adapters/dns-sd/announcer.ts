import { type Clock, errorMessage, type Logger, Seconds, type Timer } from '@postern/core';
import multicastDns from 'multicast-dns';
import {
  type AnnouncedDevice,
  type Answer,
  answersOf,
  isAnnounceable,
  kindAnswer,
  recordsOf,
} from './service-records.ts';

export interface AnnouncerOptions {
  readonly port: number;
  /** The address of the interface to speak on; all of them unless given. */
  readonly interface?: string | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Announces the devices of a process. */
export interface Announcer {
  /** The device is there from now on, at this place. */
  started(device: AnnouncedDevice): void;
  stopped(deviceId: string): void;
  /** Says goodbye for all of them. */
  close(): Promise<void>;
}

/** Of devices in one packet: each takes some 300 bytes, and a packet is to fit into a frame. */
const DEVICES_EACH = 4;

/** An announcement may be lost, so it is made again after this (RFC 6762 §8.3). */
const AGAIN = Seconds(1);

/**
 * One responder of multicast DNS for all devices of the process (RFC 6762), beside other programs of the machine that
 * do the same. Names are not probed for (§8.1): they are those of certificates, which no two devices have. Whatever
 * happens on the network, the devices go on.
 *
 * @spec I3
 */
export const openAnnouncer = (options: AnnouncerOptions): Announcer => {
  const { port, clock, logger } = options;
  const devices = new Map<string, AnnouncedDevice>();
  const timers = new Set<Timer>();
  /** On its way to the network. */
  const sending = new Set<Promise<void>>();
  const socket = multicastDns({
    port,
    // Bound to one address it would hear nothing that is sent to the group.
    bind: '0.0.0.0',
    ...(options.interface === undefined ? {} : { interface: options.interface }),
  } as multicastDns.Options);

  const say = (answers: readonly Answer[]): void => {
    if (answers.length === 0) return;
    const sent = new Promise<void>((resolve) => {
      socket.respond({ answers: [...answers] }, () => resolve());
    }).finally(() => sending.delete(sent));
    sending.add(sent);
  };

  const announce = (deviceId: string): void => {
    const device = devices.get(deviceId);
    if (device !== undefined) say(recordsOf(device));
  };

  socket.on('error', (error: Error) => {
    logger.error('Devices are not announced', { port, reason: errorMessage(error) });
  });
  socket.on('warning', (error: Error) => logger.debug('Multicast DNS', { reason: errorMessage(error) }));
  socket.on('query', ({ questions = [] }) => {
    const answers = [...devices.values()].map((device) => answersOf(device, questions));
    const answering = answers.filter(({ length }) => length > 0);
    say(kindAnswer(questions));
    for (let at = 0; at < answering.length; at += DEVICES_EACH) {
      say(answering.slice(at, at + DEVICES_EACH).flat());
    }
  });

  const stopped = (deviceId: string): void => {
    const device = devices.get(deviceId);
    devices.delete(deviceId);
    if (device !== undefined) say(recordsOf(device, 0));
  };

  return {
    started: (device) => {
      if (!isAnnounceable(device)) {
        logger.warn('A device that others reach by a name is not announced', {
          device: device.id,
          host: device.host,
        });
        return;
      }
      devices.set(device.id, device);
      announce(device.id);
      const timer = clock.schedule(
        AGAIN,
        () => {
          timers.delete(timer);
          announce(device.id);
        },
        { background: true },
      );
      timers.add(timer);
    },
    stopped,
    close: async () => {
      for (const timer of timers) timer.cancel();
      for (const deviceId of [...devices.keys()]) stopped(deviceId);
      // What is closed at once says nothing any more.
      await Promise.all(sending);
      await new Promise<void>((resolve) => socket.destroy(resolve));
    },
  };
};
