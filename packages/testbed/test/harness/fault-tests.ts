import { afterEach, beforeAll, expect, test } from '@jest/globals';
import { Days, Milliseconds, Seconds } from '@postern/core';
import { RealTopology, type Release, type RunKind, startTopology, type Topology } from '@postern/testbed';
import { afterwards, keepForFile } from '../support/afterwards.ts';
import { FACTORY, imageOf, PRINTER } from '../support/printer-site.ts';

const SITE = 'site-a';
const LIMIT = 90_000;
const LENGTH = 200_000;
/** Longer than anything that these tests let go by before they heal it. */
const HOLD = 5;

/** What not every run kind can do, and those that can: rows of the table in docs/testbed.md. */
export const ONLY = {
  'a slow line': ['in-process', 'processes', 'namespaces'],
  'a line with a delay': ['in-process', 'processes', 'virtual'],
  'every fault of a device': ['in-process', 'processes', 'namespaces'],
  'a tier that is killed': ['processes', 'namespaces', 'virtual'],
  'a tier with another time of day': ['in-process', 'virtual'],
  'a bulk path that is tampered with': ['in-process', 'processes'],
} as const satisfies Record<string, readonly RunKind[]>;

const REFUSED = expect.objectContaining({ code: 'not-in-this-run' });

/** Every fault of the harness, with its effect where the run kind can have it, and its refusal where it cannot. */
export const testFaults = (run: RunKind): void => {
  const can = (what: keyof typeof ONLY): boolean => (ONLY[what] as readonly RunKind[]).includes(run);
  let topology: Topology;
  let counter = 1;

  keepForFile();
  beforeAll(async () => {
    topology = await startTopology({
      run,
      ...(can('a bulk path that is tampered with') ? { taps: true } : {}),
      sites: [
        {
          name: SITE,
          devices: [{ id: PRINTER, firmware: FACTORY }],
          intermediary: {
            uplink: { hold: HOLD, exchangeTimeout: 3, firstPause: 0.05, longestPause: 0.2 },
            policy: { transferTries: 2, retryPause: 0.05, longestPause: 0.2, restartTimeout: 20 },
          },
        },
      ],
    });
    afterwards(() => topology.close());
    await topology.operator.devicesKnown([PRINTER]);
  }, LIMIT);

  afterEach(() => topology?.faults.line(SITE).heal());

  /** A release that the printer has not. */
  const newRelease = (): Release => {
    counter += 1;
    const version = `${counter}.0.0`;
    return { version, releaseCounter: counter, content: imageOf(version, LENGTH) };
  };

  const order = async (release = newRelease()): Promise<string> => {
    const { operator } = topology;
    return (await operator.order(PRINTER, await operator.register(release), Seconds(600))).id;
  };

  const verified = async (subject: string): Promise<void> => {
    expect(await topology.operator.finished(subject)).toMatchObject({ state: 'verified' });
  };

  /** How long the site took to fetch the image of an update that is ordered now, and verified. */
  const fetchTime = async (): Promise<number> => {
    const subject = await order();
    const ordered = await topology.steps.reached({ step: 'S101', subject });
    const done = await topology.steps.reached({ step: 'IMAGE', subject });
    await verified(subject);
    return done.at - ordered.at;
  };

  const failure = async (subject: string): Promise<string | undefined> => {
    const { state, failure } = await topology.operator.finished(subject);
    return state === 'failed' ? failure?.code : state;
  };

  test(
    'a line is slow',
    async () => {
      const slow = (): void => topology.faults.line(SITE).slow(LENGTH);
      if (!can('a slow line')) {
        expect(slow).toThrow(REFUSED);
        return;
      }
      slow();
      expect(await fetchTime()).toBeGreaterThan(500);
    },
    LIMIT,
  );

  test(
    'a line has a delay',
    async () => {
      const delay = (): void => topology.faults.line(SITE).delay(Milliseconds(300));
      if (!can('a line with a delay')) {
        expect(delay).toThrow(REFUSED);
        return;
      }
      delay();
      // Request and answer.
      expect(await fetchTime()).toBeGreaterThanOrEqual(590);
    },
    LIMIT,
  );

  test(
    'a line loses',
    async () => {
      // Through the kernel nothing would ever come then.
      topology.faults.line(SITE).lose(run === 'namespaces' ? 0.05 : 1);
      const time = await fetchTime();
      if (run === 'namespaces') expect(realFirewall().counters.lost).toBeGreaterThan(0);
      else expect(time).toBeGreaterThanOrEqual(390);
    },
    LIMIT,
  );

  test(
    'a connection on which nothing passes is forgotten',
    async () => {
      const line = topology.faults.line(SITE);
      // It is about connections that are opened from now on.
      line.cut();
      line.heal();
      line.dropIdle(Seconds(1));
      if (topology instanceof RealTopology) {
        const { forwarded } = realFirewall().counters;
        const again = () => realFirewall().counters.forwarded >= forwarded + 3;
        await topology.operator.until('the site has connected again and again', again);
      } else {
        const [first, second] = [await nextPoll(), await nextPoll()];
        expect(second - first).toBeLessThan(2_000);
      }
      await verified(await order());
    },
    LIMIT,
  );

  const nextPoll = async (): Promise<number> =>
    (await topology.steps.reached({ step: 'S601', node: SITE, after: topology.steps.count })).at;

  const realFirewall = () => (topology as RealTopology).lan(SITE).firewall;

  test(
    'a line is silent: an order goes down when it is sound again',
    async () => {
      topology.faults.line(SITE).blackhole();
      const after = topology.steps.count;
      const subject = await order();
      await topology.time.advance(Seconds(2));
      expect(topology.steps.events.slice(after).filter((step) => step.subject === subject)).toEqual([]);
      topology.faults.line(SITE).heal();
      await verified(subject);
    },
    LIMIT,
  );

  test(
    'a disk is full, and has room again',
    async () => {
      const device = topology.faults.device(PRINTER);
      await device.fillDisk();
      const release = newRelease();
      expect(await failure(await order(release))).toBe('storage-full');
      await device.clear();
      await verified(await order(release));
    },
    LIMIT,
  );

  test(
    'a slot is corrupt: the device falls back to the other one, and takes an update all the same',
    async () => {
      const device = topology.faults.device(PRINTER);
      const corrupt = async (): Promise<void> => {
        await device.powerCut();
        await device.corruptDisk('A');
        await device.powerOn();
      };
      await corrupt();
      // What runs now is in B, and what comes goes to A.
      await verified(await order());
      const { firmware } = topology.device(PRINTER).versions;
      await corrupt();
      expect(topology.device(PRINTER).versions['firmware']).not.toBe(firmware);
      await verified(await order());
    },
    LIMIT,
  );

  test(
    'a device has another time of day: what is valid elsewhere has expired there',
    async () => {
      const device = topology.faults.device(PRINTER);
      await device.shiftClock(Days(40));
      const release = newRelease();
      expect(await failure(await order(release))).toBe('manifest-expired');
      await device.clear();
      await verified(await order(release));
    },
    LIMIT,
  );

  test(
    'a device has any fault',
    async () => {
      const device = topology.faults.device(PRINTER);
      if (!can('every fault of a device')) {
        await expect(device.set({ refuseLogins: true })).rejects.toEqual(REFUSED);
        return;
      }
      await device.set({ refuseLogins: true });
      const release = newRelease();
      expect(await failure(await order(release))).toBe('credential-refused');
      await device.clear();
      await verified(await order(release));
    },
    LIMIT,
  );

  test(
    'a tier is killed amid an update, and goes on',
    async () => {
      const tier = topology.faults.tier(SITE);
      if (!can('a tier that is killed')) {
        await expect(tier.kill()).rejects.toEqual(REFUSED);
        return;
      }
      const subject = await order();
      await topology.steps.reached({ step: 'S106', subject });
      await tier.kill();
      await tier.start();
      await verified(subject);
    },
    LIMIT,
  );

  test(
    'a tier has another time of day',
    async () => {
      const server = topology.faults.tier('server');
      const shift = (): void => server.shiftClock(Days(40));
      if (!can('a tier with another time of day')) {
        expect(shift).toThrow(REFUSED);
        return;
      }
      shift();
      await expect(order()).rejects.toMatchObject({ code: 'manifest-expired' });
      server.shiftClock(Days(0));
      await verified(await order());
    },
    LIMIT,
  );

  test(
    'somebody on the bulk path flips a bit of every transfer',
    async () => {
      const tamperer = () => topology.faults.bulkPath(PRINTER);
      if (!can('a bulk path that is tampered with')) {
        expect(tamperer).toThrow(REFUSED);
        return;
      }
      tamperer().tamper({ flipByte: { upload: 'every', offset: 10 } });
      const release = newRelease();
      expect(await failure(await order(release))).toBe('digest-mismatch');
      tamperer().tamper({});
      await verified(await order(release));
    },
    LIMIT,
  );
};
