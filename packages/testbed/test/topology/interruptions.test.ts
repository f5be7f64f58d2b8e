import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RealTopology } from '@postern/testbed';
import { keepForFile } from '../support/afterwards.ts';
import { noticesOf, orderUpdate, readCounters, startFigure1 } from './figure-1.ts';

/** The device at the bottom of the cascade: everything stands between it and the server. */
const METER = 'meter-1';

keepForFile();

let topology: RealTopology;

beforeAll(async () => {
  topology = await startFigure1();
}, 60_000);

afterAll(() => topology?.close());

/** What goes wrong, and how it is put right. */
interface Trouble {
  readonly name: string;
  readonly begin: () => Promise<void>;
  readonly end: () => Promise<void>;
  /** The call ends with whoever goes down: it may have been told to nobody yet, and the panel says so. */
  readonly takesCall?: boolean;
}

const cut = (lan: string): Trouble => ({
  name: `the line above ${lan} is cut`,
  begin: async () => topology.lan(lan).firewall.cut(),
  end: async () => topology.lan(lan).firewall.restore(),
});

const restarted = (lan: string): Trouble => ({
  name: `${lan} restarts`,
  begin: () => topology.lan(lan).intermediary.stop(),
  end: () => topology.lan(lan).startIntermediary(),
});

const TROUBLES: readonly Trouble[] = [
  cut('site-b'),
  cut('floor-2'),
  cut('room-21'),
  restarted('site-b'),
  restarted('floor-2'),
  { ...restarted('room-21'), takesCall: true },
  {
    name: 'the server restarts',
    begin: () => topology.server.stop(),
    end: () => topology.startServer(),
  },
  {
    name: 'the device restarts',
    begin: () => topology.device(METER).powerOff(),
    end: () => topology.device(METER).powerOn(),
    takesCall: true,
  },
];

/** @spec T2 R1 R3 X6 */
test.each(TROUBLES)(
  '$name: what was under way is done once, and everything ends',
  async ({ begin, end, takesCall = false }) => {
    const update = await orderUpdate(topology, METER);
    const counters = await readCounters(topology, METER);
    const calling = topology.device(METER).callService({ reason: 'in between' });
    await begin();
    await end();
    const { callId, outcome } = await calling;
    expect(await topology.operator.finished(update.id)).toMatchObject({
      state: 'verified',
      credential: 'erased',
    });
    expect(await counters()).toMatchObject({ state: 'answered' });
    const known = () => noticesOf(topology, callId);
    if (!takesCall) await topology.operator.until('the call came up', async () => (await known()).length > 0);
    expect((await known()).length).toBeLessThan(2);
    if (outcome === 'succeeded') expect(await known()).toHaveLength(1);
  },
  90_000,
);
