import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { uplink } from '@postern/contracts';
import { Instant, systemClock } from '@postern/core';
import { memoryLogger, seededEntropy, VirtualClock } from '@postern/core/testing';
import { type EnrolledNode, ensureNodeIdentity, openAuthority, signPlacement } from '@postern/pki';
import { createImageStore } from '@postern/storage';
import { openStores, type SqliteStores } from '../../src/adapters/sqlite/stores.ts';
import { composeDomain, type Domain } from '../../src/compose.ts';
import { parseServerConfig } from '../../src/config.ts';
import { newRequest } from '../../src/domain/requests.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { deviceChange, devices, poll } from '../support/world.ts';

let home: Awaited<ReturnType<typeof temporaryDirectory>>;
let clock: VirtualClock;
let stores: SqliteStores;
let domain: Domain;
let printer: EnrolledNode;

beforeEach(async () => {
  home = await temporaryDirectory();
  clock = new VirtualClock(Instant(systemClock.now()));
  const logger = memoryLogger();
  const authority = await openAuthority({
    directory: `${home.path}/ca`,
    clock: systemClock,
    entropy: seededEntropy('ca'),
  });
  printer = await ensureNodeIdentity({
    directory: `${home.path}/printer-1`,
    identity: { role: 'device', name: 'printer-1' },
    authority,
    clock: systemClock,
  });
  stores = await openStores(home.path, logger);
  domain = composeDomain({
    config: parseServerConfig({ dataDir: home.path, identityDir: home.path }),
    stores,
    images: await createImageStore({ directory: home.path, clock, maxBytes: 1 }),
    vendorTrust: { sequence: 0, threshold: 1, keys: new Map() },
    timeKey: { sign: () => new Uint8Array() },
    placementTrust: { caPem: authority.certificatePem },
    clock,
    entropy: seededEntropy(1),
    logger,
  });
});
afterEach(async () => {
  domain.close();
  stores.close();
  await home.remove();
});

const tell = (
  site: string,
  change: Partial<uplink.DeviceChange> = {},
  rest: Partial<uplink.DeviceChanges> = {},
) =>
  domain.exchange.exchange(
    site,
    poll({
      devices: {
        revision: 1,
        complete: false,
        device: [{ ...deviceChange('printer-1'), ...change }],
        ...rest,
      },
    }),
  );
const says = (intermediary: string, sequence: number) => ({
  placement: signPlacement({ intermediary, sequence }, printer),
});
const route = (...node: string[]) => ({ route: { node } });
const held = () => stores.devices.find('printer-1');
const FOREIGN = [{ deviceId: 'printer-1', code: 'device-foreign' }];

/** An update of the printer and a reading, ordered while site-a polls for it. */
const order = (state: 'ordered' | 'running') => {
  const orderedAt = clock.now();
  const times = { orderedAt, deadline: Instant(orderedAt + 60_000), finishedAt: undefined };
  stores.software.add({
    id: 'sw-1',
    payloadSha256: 'a'.repeat(64),
    manifest: { format: 1, software: 'X', model: 'MFP-1', expires: times.deadline, components: [] },
    signedManifest: new Uint8Array(1),
    registeredAt: orderedAt,
  });
  const common = { deviceId: 'printer-1', intermediary: 'site-a', softwareId: 'sw-1' };
  stores.updates.add(
    {
      ...{
        id: 'update-1',
        orderedBy: 'server',
        policy: undefined,
        state,
        phase: undefined,
        result: undefined,
      },
      ...common,
      ...times,
      cancelRequested: false,
    },
    undefined,
  );
  const addressed = { id: 'update-1', intermediary: 'site-a', target: 'printer-1', orderedAt };
  const request = newRequest(
    { kind: 'UpdateSoftware', updateId: 'update-1' },
    { ...addressed, expiresAt: times.deadline },
  );
  stores.requests.add({ ...request, sent: state === 'running' });
};

describe('a device that has moved', () => {
  /** @spec T2 */
  test('takes its name along when it says so itself, to any depth', () => {
    tell('site-a', says('site-a', 1));
    expect(tell('site-b', { ...says('leaf', 2), ...route('middle', 'leaf') }).refusedDevices).toEqual([]);
    expect(held()).toMatchObject({ intermediary: 'site-b', route: ['middle', 'leaf'], present: true });
  });

  test('is refused to the old place from then on, which is told so', () => {
    tell('site-a', says('site-a', 1));
    tell('site-b', says('site-b', 2));
    expect(tell('site-a', says('site-a', 1)).refusedDevices).toEqual(FOREIGN);
    expect(held()).toMatchObject({ intermediary: 'site-b' });
    expect(domain.stores.audit.newest(10)).toMatchObject([
      { code: 'device-foreign', caller: 'site-a', subject: 'printer-1' },
    ]);
  });

  test.each<[string, () => Partial<uplink.DeviceChange>]>([
    ['no word', () => ({})],
    ['a word for another place', () => says('site-c', 9)],
    ['an equal word', () => says('site-b', 1)],
    ['a word that is none', () => ({ placement: new Uint8Array(10) })],
    [
      'the word of another device',
      () => ({
        placement: signPlacement(
          { intermediary: 'site-b', sequence: 9 },
          {
            ...printer,
            identity: { role: 'device', name: 'printer-2' },
          },
        ),
      }),
    ],
  ])('stays where it is with %s', (_, change) => {
    tell('site-a', says('site-a', 1));
    expect(tell('site-b', change()).refusedDevices).toEqual(FOREIGN);
    expect(held()).toMatchObject({ intermediary: 'site-a' });
  });

  test('needs no word once its old place has released it', () => {
    tell('site-a');
    expect(tell('site-b').refusedDevices).toEqual(FOREIGN);
    tell('site-a', { gone: true });
    expect(held()).toMatchObject({ present: false });
    expect(tell('site-b').refusedDevices).toEqual([]);
    expect(held()).toMatchObject({ intermediary: 'site-b', present: true });
  });

  test('an update that nobody fetched goes to the new place, and its images may be read there', () => {
    tell('site-a', says('site-a', 1));
    order('ordered');
    const { requests } = tell('site-b', { ...says('leaf', 2), ...route('leaf') });
    expect(requests).toMatchObject([{ requestId: 'update-1', route: { node: ['leaf'] } }]);
    expect(stores.updates.find('update-1')).toMatchObject({ state: 'sent', intermediary: 'site-b' });
    expect(domain.exchange.isWaiting('site-a', 10)).toBe(false);
  });

  test('an update that the old place has begun ends, and its answer changes nothing more', () => {
    tell('site-a', says('site-a', 1));
    order('running');
    tell('site-b', says('site-b', 2));
    expect(stores.updates.find('update-1')).toMatchObject({
      state: 'failed',
      result: { failure: { code: 'device-moved' } },
    });
    const failure = { code: 'device-unreachable', message: 'gone' };
    const response = {
      requestId: 'update-1',
      at: clock.now(),
      body: { kind: 'Failure', value: failure },
    } as const;
    const answer = domain.exchange.exchange('site-a', poll({ responses: { response: [response] } }));
    expect(answer.acknowledged).toEqual(['update-1']);
    expect(stores.updates.find('update-1')).toMatchObject({ result: { failure: { code: 'device-moved' } } });
  });
});

describe('routes', () => {
  test.each([
    ['route-loop', ['site-b', 'site-a']],
    ['route-loop', ['site-b', 'site-b']],
    ['route-too-long', Array.from({ length: 16 }, (_, index) => `site-${index}`)],
  ])('%s is refused by itself', (code, names) => {
    const told = tell('site-a', route(...names), {
      device: [{ ...deviceChange('printer-1'), ...route(...names) }, deviceChange('printer-2')],
    });
    expect(told.refusedDevices).toEqual([{ deviceId: 'printer-1', code }]);
    expect(held()).toBeUndefined();
    expect(stores.devices.find('printer-2')).toMatchObject({ intermediary: 'site-a' });
    expect(stores.audit.newest(10)).toMatchObject([{ code, caller: 'site-a', subject: 'printer-1' }]);
  });

  test('of intermediaries below are kept; one in a circle is left out', () => {
    const below = (name: string, ...node: string[]) => ({ name, route: { node } });
    tell(
      'site-a',
      {},
      {
        intermediaries: {
          intermediary: [
            below('middle', 'middle'),
            below('leaf', 'middle', 'leaf'),
            below('x', 'site-a', 'x'),
          ],
        },
      },
    );
    expect(stores.sitesBelow.all()).toMatchObject([
      { name: 'leaf', via: 'site-a', route: ['middle', 'leaf'] },
      { name: 'middle', via: 'site-a', route: ['middle'] },
    ]);
    expect(stores.audit.newest(1)).toMatchObject([{ code: 'route-loop', subject: 'x' }]);
    tell('site-a', {}, { intermediaries: { intermediary: [] } });
    expect(stores.sitesBelow.all()).toEqual([]);
  });

  test('a list that says nothing of intermediaries changes nothing of them', () => {
    tell('site-a', {}, { intermediaries: { intermediary: [{ name: 'leaf', route: { node: ['leaf'] } }] } });
    domain.exchange.exchange('site-a', poll({ devices: devices('printer-1') }));
    expect(stores.sitesBelow.find('leaf')).toBeDefined();
  });
});
