import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Days, type Duration, errorCode, Milliseconds, Seconds } from '@postern/core';
import { type RealTopology, startTopology } from '@postern/testbed';
import { keepForFile, temporaryDirectory } from '../support/afterwards.ts';
import { FACTORY, imageOf } from '../support/printer-site.ts';
import { setClock } from '../support/set-clock.ts';
import { QUICK, readCounters } from './figure-1.ts';

const RIGHT = Milliseconds(0);
const AHEAD = Days(5 * 365);
const BACK = Milliseconds(-AHEAD);

/** One has a clock of its own, the other believes the server's signed time. */
const CLOCKED = 'mfp-1';
const DATELESS = 'mfp-2';
const SITE = 'site-a';

keepForFile();

const clocks = { server: setClock(), [SITE]: setClock() };
let topology: RealTopology;

beforeAll(async () => {
  topology = await startTopology({
    directory: await temporaryDirectory(),
    clocks,
    sites: [
      {
        name: SITE,
        intermediary: QUICK,
        devices: [
          { id: CLOCKED, firmware: FACTORY },
          { id: DATELESS, firmware: FACTORY, clock: 'none' },
        ],
      },
    ],
  });
  await topology.operator.devicesKnown(topology.deviceIds);
}, 60_000);

afterEach(() => {
  for (const clock of Object.values(clocks)) clock.set(RIGHT);
  topology.emulated(CLOCKED).setFaults({});
});

afterAll(() => topology?.close());

/** Whose clock is set, and which device is updated meanwhile. */
const TIERS = [
  ['device', CLOCKED, (ahead: Duration) => topology.emulated(CLOCKED).setFaults({ clockOffset: ahead })],
  ['intermediary', CLOCKED, (ahead: Duration) => clocks[SITE]?.set(ahead)],
  ['server', CLOCKED, (ahead: Duration) => clocks.server.set(ahead)],
  ['server, for a device that has none,', DATELESS, (ahead: Duration) => clocks.server.set(ahead)],
] as const;

let counter = 1;

/** Registers a release that nothing has yet, while all clocks are right. */
const newRelease = () => {
  counter += 1;
  const version = `${counter}.0.0`;
  return topology.operator.register({ version, releaseCounter: counter, content: imageOf(version, 50_000) });
};

const versionOf = (deviceId: string) => topology.device(deviceId).versions['firmware'];

/** How an update ends that is ordered now; the code of a refusal where it cannot even be ordered. */
const updated = async (deviceId: string, software: { readonly id: string }) => {
  const { operator } = topology;
  try {
    const { id } = await operator.order(deviceId, software, Seconds(60));
    const { state, failure, credential, assurance } = await operator.finished(id);
    return { state, code: failure?.code ?? null, credential, assurance };
  } catch (error) {
    return { state: 'not ordered', code: errorCode(error, '') };
  }
};

/** @spec X1 X3 R1 */
describe('a clock that is years back', () => {
  test.each(TIERS)(
    'of the %s hinders nothing: durations are what tiers tell one another',
    async (_, id, set) => {
      const software = await newRelease();
      set(BACK);
      expect(await updated(id, software)).toEqual({
        state: 'verified',
        code: null,
        credential: 'erased',
        assurance: 'full',
      });
      const counters = await readCounters(topology, id);
      expect(await counters()).toMatchObject({ state: 'answered', failure: null });
    },
  );

  /** @spec D1 */
  test('of a device that starts with it: what it is updated to comes up all the same', async () => {
    const device = topology.emulated(CLOCKED);
    await device.powerOff();
    device.setFaults({ clockOffset: BACK });
    await device.powerOn();
    expect(device.program).toBe('firmware');
    expect(await updated(CLOCKED, await newRelease())).toMatchObject({ state: 'verified' });
    await device.powerOff();
    device.setFaults({});
    await device.powerOn();
    expect(versionOf(CLOCKED)).toBe(`${counter}.0.0`);
  });
});

/** @spec X1 X3 R1 */
describe('a clock that is years ahead', () => {
  /** Whoever believes that the manifest has expired refuses it: nobody can tell that from a manifest that has. */
  const REFUSED = {
    device: { state: 'failed', credential: 'erased' },
    intermediary: { state: 'failed', credential: null },
    server: { state: 'not ordered' },
    'server, for a device that has none,': { state: 'not ordered' },
  };

  test.each(TIERS)(
    'of the %s lets nothing be installed, and is no trouble for requests',
    async (tier, id, set) => {
      const software = await newRelease();
      const before = versionOf(id);
      set(AHEAD);
      expect(await updated(id, software)).toMatchObject({ ...REFUSED[tier], code: 'manifest-expired' });
      const counters = await readCounters(topology, id);
      expect(await counters()).toMatchObject({ state: 'answered', failure: null });
      set(RIGHT);
      expect(versionOf(id)).toBe(before);
      expect(await updated(id, software)).toMatchObject({ state: 'verified' });
    },
  );
});

/** @spec A1 */
describe.each([
  ['ahead', AHEAD, 'certificate-expired'],
  ['back', BACK, 'certificate-not-yet-valid'],
] as const)('a clock that is years %s when its tier starts', (_, ahead, code) => {
  test('keeps the intermediary from starting; once it is right the site goes on', async () => {
    const { intermediary } = topology.lan(SITE);
    await intermediary.stop();
    clocks[SITE]?.set(ahead);
    await expect(topology.lan(SITE).startIntermediary()).rejects.toMatchObject({ code });
    clocks[SITE]?.set(RIGHT);
    await topology.lan(SITE).startIntermediary();
    expect(await updated(CLOCKED, await newRelease())).toMatchObject({ state: 'verified' });
  });

  test('keeps the server from starting; once it is right everything goes on', async () => {
    await topology.server.stop();
    clocks.server.set(ahead);
    await expect(topology.startServer()).rejects.toMatchObject({ code });
    clocks.server.set(RIGHT);
    await topology.startServer();
    expect(await updated(CLOCKED, await newRelease())).toMatchObject({ state: 'verified' });
  });
});

/** @spec U10 */
test('a server whose clock jumps ahead while an order waits gives it no longer down, and says so', async () => {
  const { operator } = topology;
  const software = await newRelease();
  const before = versionOf(CLOCKED);
  const { firewall } = topology.lan(SITE);
  firewall.cut();
  const { id } = await operator.order(CLOCKED, software, Seconds(60));
  clocks.server.set(AHEAD);
  firewall.restore();
  expect(await operator.finished(id)).toMatchObject({ state: 'expired', failure: null });
  expect(versionOf(CLOCKED)).toBe(before);
});
