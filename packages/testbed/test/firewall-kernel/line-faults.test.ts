import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import type { Firewall, LineFaults, RealTopology } from '@postern/testbed';
import { keepForFile } from '../support/afterwards.ts';
import { FACTORY, imageOf, PRINTER } from '../support/printer-site.ts';
import { orderUpdate, QUICK } from '../topology/figure-1.ts';
import { startInNamespaces } from './kernel-topology.ts';

keepForFile();

const SITE = 'site-a';
/** A poll is held so long, and given up after as long again. */
const HOLD = 2;

let topology: RealTopology;
let line: LineFaults;
let firewall: Firewall;

beforeAll(async () => {
  const uplink = { ...QUICK.uplink, hold: HOLD, exchangeTimeout: HOLD };
  topology = await startInNamespaces([
    { name: SITE, devices: [{ id: PRINTER, firmware: FACTORY }], intermediary: { ...QUICK, uplink } },
  ]);
  line = topology.faults.line(SITE);
  ({ firewall } = topology.lan(SITE));
}, 90_000);

afterEach(() => line?.heal());

const VERIFIED = { state: 'verified', credential: 'erased' };

const verified = async (update: string): Promise<void> => {
  expect(await topology.operator.finished(update)).toMatchObject(VERIFIED);
};

/** @spec T5 R1 */
describe('an order that is given', () => {
  test('while the line is cut in the middle of a poll goes down when it is back', async () => {
    await topology.operator.until('the site polls', () => firewall.counters.open > 0);
    line.cut();
    expect(firewall.counters.open).toBe(0);
    const { id } = await orderUpdate(topology, PRINTER);
    const { refusedWhileCut } = firewall.counters;
    await topology.operator.until(
      'the site tries',
      () => firewall.counters.refusedWhileCut > refusedWhileCut,
    );
    expect(await topology.operator.client.update(id)).toMatchObject({ state: 'ordered' });
    line.heal();
    await verified(id);
  }, 60_000);

  test('while packets vanish goes down over a new connection', async () => {
    await topology.operator.until('the site polls', () => firewall.counters.open > 0);
    line.blackhole();
    const { id } = await orderUpdate(topology, PRINTER);
    await topology.time.advance(Seconds(HOLD));
    expect(topology.steps.events.filter(({ subject }) => subject === id)).toEqual([]);
    line.heal();
    await verified(id);
  }, 60_000);

  test('to a site whose router forgets it silently goes down when the site has noticed', async () => {
    const { forwarded } = firewall.counters;
    line.dropIdle(Seconds(1));
    // A poll rests on a connection that the router forgets: it ends by its deadline alone, and the next one is on another.
    await topology.operator.until(
      'the site has noticed',
      () => firewall.counters.forwarded > forwarded,
      undefined,
      Seconds(5 * HOLD),
    );
    const { id } = await orderUpdate(topology, PRINTER);
    await topology.operator.step(id, 'S101');
    await verified(id);
  }, 60_000);
});

/** @spec U4 */
test('an update is verified over a line that loses every twentieth packet, each way', async () => {
  const { lost } = firewall.counters;
  line.lose(0.05);
  const { id } = await orderUpdate(topology, PRINTER);
  await verified(id);
  expect(firewall.counters.lost).toBeGreaterThan(lost);
}, 90_000);

/** @spec X5 */
test('an image whose transfer is cut is fetched from where it stopped', async () => {
  const content = imageOf('cut', 1_000_000);
  line.slow(1_000_000);
  const { model } = await topology.operator.client.device(PRINTER);
  const software = await topology.operator.register({ model, version: '90', releaseCounter: 90, content });
  const { bytesDown } = firewall.counters;
  const fetched = (): number => firewall.counters.bytesDown - bytesDown;
  const { id } = await topology.operator.order(PRINTER, software);
  await topology.operator.until('a part of it is fetched', () => fetched() > content.length / 4);
  line.cut();
  expect(fetched()).toBeLessThan(content.length);
  line.heal();
  await verified(id);
  expect(fetched()).toBeGreaterThan(content.length);
  expect(fetched()).toBeLessThan(content.length * 1.4);
}, 60_000);
