import { afterEach, describe, expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { type RunKind, startTopology, type Topology, withTopology } from '@postern/testbed';
import { FACTORY, imageOf, PRINTER } from '../support/printer-site.ts';

const SITE = 'site-a';
const LIMIT = 90_000;
const RELEASE = { version: '2.0.0', releaseCounter: 2, content: imageOf('2.0.0') };

let running: Topology | undefined;
afterEach(() => running?.close());

const start = async (run: RunKind): Promise<Topology> => {
  const topology = await startTopology({
    run,
    sites: [
      {
        name: SITE,
        devices: [{ id: PRINTER, firmware: FACTORY }],
        intermediary: {
          uplink: { firstPause: 0.05, longestPause: 0.2 },
          policy: { retryPause: 0.05, longestPause: 0.2 },
        },
      },
    ],
  });
  running = topology;
  await topology.operator.devicesKnown([PRINTER]);
  return topology;
};

const orderUpdate = async ({ operator }: Topology): Promise<string> =>
  (await operator.order(PRINTER, await operator.register(RELEASE), Seconds(600))).id;

/** The same tests in every run kind: what a test says does not depend on it. */
describe.each<RunKind>(['in-process', 'processes', 'virtual'])('a topology that runs %s', (run) => {
  test(
    'takes every step of a happy update, and tells it',
    async () => {
      const topology = await start(run);
      const { operator, steps } = topology;
      const subject = await orderUpdate(topology);
      await steps.reached({ step: 'S111', device: PRINTER });
      expect(await operator.finished(subject)).toMatchObject({ state: 'verified', credential: 'erased' });
      await steps.reached({ step: 'S124', subject });
      expect(topology.device(PRINTER).versions).toMatchObject({ firmware: '2.0.0' });
      const numbers = steps.events
        .filter((event) => event.subject === subject && 'outcome' in event && event.outcome === 'done')
        .map(({ step }) => step);
      expect(numbers).toEqual(expect.arrayContaining(['S101', 'S106', 'S112', 'S115', 'S119', 'S123']));
      expect(steps.print()).toMatch(/ s {2}S112 +site-a → printer-1 +image sent +/);
    },
    LIMIT,
  );

  test(
    'a power cut while the device has work left is survived, and so is a line that breaks',
    async () => {
      const topology = await start(run);
      const { operator, steps, faults } = topology;
      const subject = await orderUpdate(topology);
      await steps.reached({ step: 'S106', subject });
      faults.line(SITE).cut();
      await faults.device(PRINTER).powerCut();
      expect(topology.device(PRINTER).versions).toEqual({});
      await faults.device(PRINTER).powerOn();
      await steps.reached({ step: 'S119', subject });
      expect(await steps.reached({ step: 'S124', outcome: 'started', subject })).toBeDefined();
      faults.line(SITE).heal();
      expect(await operator.finished(subject)).toMatchObject({ state: 'verified' });
    },
    LIMIT,
  );

  test(
    'a call for service, a request, and an intermediary that goes down and comes back',
    async () => {
      const topology = await start(run);
      const { operator, steps, faults } = topology;
      const { outcome, callId } = await topology.device(PRINTER).callService({ reason: 'help' });
      expect(outcome).toBe('succeeded');
      await steps.reached({ step: 'S708', device: PRINTER, subject: callId });
      expect(steps.print()).toMatch(/S704 +site-a → server/);
      await faults.tier(SITE).stop();
      const { client } = operator;
      const { id } = await client.orderRequests({ kind: 'GetCounters', targets: [PRINTER] });
      await faults.tier(SITE).start();
      await operator.until('the request is answered', async () => (await client.order(id)).ended);
      expect((await client.order(id)).states).toMatchObject({ answered: 1 });
      await steps.reached({ step: 'S608', node: SITE });
    },
    LIMIT,
  );

  test(
    'firmware that crashes at its first start is told as the fault of the device',
    async () => {
      const topology = await start(run);
      const { operator, faults, steps } = topology;
      await faults.device(PRINTER).set({ crashAtBootOf: ['2.0.0'] });
      const id = await orderUpdate(topology);
      expect(await operator.finished(id)).toMatchObject({
        state: 'failed',
        failure: { code: 'boot-failed' },
      });
      await steps.reached({ step: 'S119', outcome: 'failed', device: PRINTER });
      expect(steps.print()).toContain('compared with what was sent: failed (boot-failed)');
    },
    LIMIT,
  );
});

test('an error within a topology has the sequence of steps in its message', async () => {
  const work = withTopology({ run: 'virtual', sites: [{ name: SITE }] }, async ({ time }) => {
    await time.advance(Seconds(30));
    expect('this').toBe('that');
  });
  await expect(work).rejects.toThrow(/Expected.*that[\s\S]*What came before:[\s\S]*S601 +site-a → server/);
});

test('what a run kind cannot do is refused', async () => {
  await using topology = await start('in-process');
  await expect(topology.faults.tier(SITE).kill()).rejects.toMatchObject({ code: 'not-in-this-run' });
  expect(() => topology.faults.bulkPath(PRINTER)).toThrow(/taps/);
});

test('virtual time stands still unless somebody waits for something of the topology', async () => {
  const topology = await start('virtual');
  const before = topology.steps.count;
  await new Promise((resolve) => setImmediate(resolve));
  expect(topology.steps.count).toBe(before);
  await topology.time.advance(Seconds(200));
  expect(topology.steps.count).toBeGreaterThan(before);
  expect(() => topology.faults.line(SITE).slow(1_000)).toThrow(/virtual/);
});
