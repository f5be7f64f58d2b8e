import { Minutes, Seconds } from '@postern/core';
import type { DeviceChoices, DeviceTaps, Operator, Site, TamperingRules } from '@postern/testbed';
import { seenPasswords } from '../support/bulk-logins.ts';
import { tryLogin } from '../support/ftp-caller.ts';

/** An update on its way to a crash point, and the links that can be held. */
export interface Journey {
  readonly site: Site;
  readonly operator: Operator;
  readonly taps: DeviceTaps;
  readonly updateId: string;
}

/** A point of an update at which a tier is killed. It is reached, and kept, by holding links: nothing sleeps. */
export interface CrashPoint {
  readonly name: string;
  readonly deviceId: string;
  /** The journal has this step before the kill … */
  readonly passed: string;
  /** … and this one only after it. */
  readonly ahead: string;
  readonly rules?: TamperingRules;
  readonly faults?: DeviceChoices['faults'];
  /** Before the update is ordered. */
  readonly prepare?: (taps: DeviceTaps) => void;
  /** Resolves when the update is at the point and cannot leave it. */
  readonly reach: (journey: Journey) => Promise<void>;
}

export const IMAGE_BYTES = 3 * 1_048_576;
const HALF = IMAGE_BYTES / 2;

/** Stops the first upload half-way: the place at which the further way is prepared. */
const STALL: TamperingRules = { stall: { upload: 1, bytes: HALF } };

const halfSent = async ({ operator, taps }: Journey): Promise<void> => {
  await operator.until('half of the image is sent', () =>
    taps.proxy.capture().data.some(({ direction, total }) => direction === 'up' && total > HALF),
  );
};

/** The whole image arrives, the device restarts, and the updater stands in front of the held secure path. */
const beforeErasure = async (journey: Journey): Promise<void> => {
  const { operator, taps, updateId } = journey;
  await halfSent(journey);
  taps.secure.blackhole();
  taps.proxy.resume();
  await operator.step(updateId, 'S119');
  await operator.until('the erasure is on its way', () => taps.secure.counters.open > 0);
};

/**
 * In an order in which they can be reached one after the other on different devices of one site: the last one cuts
 * off the server.
 *
 * @param jobTime how long the printer that is not to restart prints
 */
export const crashPoints = (jobTime: 'until-killed' | 'a-while'): readonly CrashPoint[] => [
  {
    name: 'after share',
    deviceId: 'printer-1',
    passed: 'S106',
    ahead: 'S107',
    prepare: (taps) => taps.bulk.holdNewConnections(),
    reach: async ({ operator, taps, updateId }) => {
      await operator.step(updateId, 'S106');
      await operator.until('the bulk path is being opened', () => taps.bulk.counters.open > 0);
    },
  },
  {
    name: 'mid-transfer',
    deviceId: 'printer-2',
    passed: 'S110',
    ahead: 'S112',
    rules: STALL,
    reach: halfSent,
  },
  {
    name: 'after transfer, before restart',
    deviceId: 'printer-3',
    passed: 'S112',
    ahead: 'S114',
    faults: { jobRunningFor: jobTime === 'until-killed' ? Minutes(10) : Seconds(12) },
    reach: ({ operator, updateId }) => operator.step(updateId, 'S112'),
  },
  {
    name: 'after restart',
    deviceId: 'printer-4',
    passed: 'S115',
    ahead: 'S116',
    rules: STALL,
    reach: async (journey) => {
      const { operator, taps, updateId } = journey;
      await halfSent(journey);
      taps.bulk.holdNewConnections();
      taps.proxy.resume();
      await operator.step(updateId, 'S115');
      await operator.until('the version is asked for again', () => taps.bulk.counters.open > 0);
    },
  },
  {
    name: 'before erase',
    deviceId: 'printer-5',
    passed: 'S119',
    ahead: 'S122',
    rules: STALL,
    reach: beforeErasure,
  },
  {
    name: 'before report',
    deviceId: 'printer-6',
    passed: 'S119',
    ahead: 'S124',
    rules: STALL,
    reach: async (journey) => {
      const { site, operator, taps } = journey;
      await beforeErasure(journey);
      site.firewall.blackhole();
      taps.secure.restore();
      await operator.until('the erasure was answered', () => taps.secure.counters.open === 0);
      await operator.until('the device refuses the password', () => isRefused(taps));
    },
  },
];

const isRefused = async (taps: DeviceTaps): Promise<boolean> => {
  const [password = ''] = seenPasswords(taps.proxy.capture());
  return (await tryLogin(taps.device.ftp.port, 'site-a', password)).startsWith('530');
};
