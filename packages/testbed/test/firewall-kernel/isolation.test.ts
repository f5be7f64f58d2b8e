import { beforeAll, describe, expect, test } from '@jest/globals';
import type { NodePlace, RealTopology } from '@postern/testbed';
import { keepForFile } from '../support/afterwards.ts';
import { FACTORY } from '../support/printer-site.ts';
import { orderUpdate, QUICK } from '../topology/figure-1.ts';
import { connectFrom, listeningAt } from './connect-probe.ts';
import { startInNamespaces } from './kernel-topology.ts';

keepForFile();

let topology: RealTopology;

const printer = (id: string) => ({ id, profile: 'printer', firmware: FACTORY });

beforeAll(async () => {
  topology = await startInNamespaces([
    { name: 'site-a', devices: [printer('printer-1')], intermediary: QUICK },
    {
      name: 'site-b',
      intermediary: QUICK,
      below: [{ name: 'floor-2', devices: [printer('printer-2')], intermediary: QUICK }],
    },
  ]);
}, 90_000);

/** Where the server is, or all that is in a LAN. */
const placeOf = (name: string): NodePlace =>
  topology.ground.place(name === 'server' ? { role: 'server', name } : { role: 'intermediary', name });

/** @spec T5 */
describe.each([
  ['site-a', 'server'],
  ['site-b', 'server'],
  ['floor-2', 'site-b'],
])('the kernel, at the router of %s, seen from %s,', (lan, outside) => {
  test('lets nobody in, whatever is listened on', async () => {
    const { firewall } = topology.lan(lan);
    const inside = await listeningAt(placeOf(lan));
    expect(inside.length).toBeGreaterThanOrEqual(2);
    // The same attempts succeed inside: it is the router that stops them.
    expect(await connectFrom(placeOf(lan), inside)).toEqual(inside.map(() => 'connected'));
    const { refused } = firewall.counters;
    expect(await connectFrom(placeOf(outside), inside)).toEqual(inside.map(() => 'nothing'));
    expect(firewall.counters.refused).toBeGreaterThanOrEqual(refused + inside.length);
  });

  test('lets everybody out', async () => {
    const above = await listeningAt(placeOf(outside));
    expect(await connectFrom(placeOf(lan), above)).toEqual(above.map(() => 'connected'));
  });
});

/** @spec T1 T2 T5 */
test.each([
  ['printer-1', 'site-a'],
  ['printer-2', 'site-b'],
])(
  'an update of %s passes the router of %s, opened from inside, and is verified',
  async (device, lan) => {
    const { firewall } = topology.lan(lan);
    const before = firewall.counters;
    const { id } = await orderUpdate(topology, device);
    expect(await topology.operator.finished(id)).toMatchObject({ state: 'verified', credential: 'erased' });
    const { refused, forwarded, bytesDown } = firewall.counters;
    expect(forwarded).toBeGreaterThan(0);
    expect(bytesDown - before.bytesDown).toBeGreaterThan(100_000);
    expect(refused).toBe(before.refused);
  },
  60_000,
);
