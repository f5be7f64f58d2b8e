import { expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { type RunKind, startTopology, type Topology } from '@postern/testbed';
import { afterwards } from '../support/afterwards.ts';
import { FACTORY, imageOf, PRINTER } from '../support/printer-site.ts';

export const SITE = 'site-a';
const LIMIT = 90_000;
const RELEASE = { version: '2.0.0', releaseCounter: 2, content: imageOf('2.0.0') };

/** A site with one printer, known to the server. It ends with the test. */
export const startPrinter = async (run: RunKind): Promise<Topology> => {
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
  afterwards(() => topology.close());
  await topology.operator.devicesKnown([PRINTER]);
  return topology;
};

const orderUpdate = async ({ operator }: Topology): Promise<string> =>
  (await operator.order(PRINTER, await operator.register(RELEASE), Seconds(600))).id;

/** The same tests in every run kind: what a test says does not depend on it. */
export const testRunKind = (run: RunKind): void => {
  test(
    'takes every step of a happy update, and tells it',
    async () => {
      const topology = await startPrinter(run);
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
      const topology = await startPrinter(run);
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
      const topology = await startPrinter(run);
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
      const topology = await startPrinter(run);
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
};
