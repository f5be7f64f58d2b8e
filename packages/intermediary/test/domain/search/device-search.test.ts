import { expect, test } from '@jest/globals';
import type { device } from '@postern/contracts';
import { PosternError, Seconds } from '@postern/core';
import type { DeviceEndpoint } from '../../../src/domain/devices.ts';
import { followSearch } from '../../../src/domain/local/follow-search.ts';
import { PeriodicSearch } from '../../../src/domain/search/periodic-search.ts';
import type { FindOnNetwork } from '../../../src/domain/search/ports.ts';
import type { SearchQuery } from '../../../src/domain/search/search.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { startProcess } from '../../support/process.ts';
import { type SearchNetwork, siteConnections } from '../../support/site-connections.ts';
import { deviceInformation } from '../../support/software.ts';

/** Who is at an address: a device, a code to be refused with, or somebody who never answers. */
type Somebody = string | { readonly refuses: string } | 'tarpit';

interface Lan extends Pick<SearchNetwork, 'config' | 'findOnNetwork'> {
  /** By `HOST:PORT`. */
  readonly there?: Record<string, Somebody>;
  /** What a device says it is called; its own name unless given. */
  readonly says?: Record<string, string>;
  readonly mode?: 'automatic' | 'confirm';
}

const silence = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

const start = async ({ there = {}, says = {}, mode = 'automatic', ...network }: Lan = {}) => {
  const site = await startProcess({ directory: await temporaryDirectory() });
  const probed: string[] = [];
  const inspected: string[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  const parts = siteConnections(
    site,
    {
      mode,
      inspectDevice: async (deviceId, { host, port }) => {
        inspected.push(`${host}:${port}`);
        return deviceInformation(says[deviceId] ?? deviceId, { model: 'MFP 1' });
      },
    },
    {
      ...network,
      probeAddress: async ({ host, port }: DeviceEndpoint, signal) => {
        const place = `${host}:${port}`;
        probed.push(place);
        atOnce += 1;
        mostAtOnce = Math.max(atOnce, mostAtOnce);
        try {
          const somebody = there[place];
          if (somebody === 'tarpit') return await silence(signal);
          await new Promise((resolve) => setImmediate(resolve));
          if (somebody === undefined) throw new PosternError('unreachable', 'Nobody');
          if (typeof somebody === 'object') throw new PosternError(somebody.refuses, 'No');
          return somebody;
        } finally {
          atOnce -= 1;
        }
      },
    },
  );
  const states = () =>
    Object.fromEntries(
      [...site.registered.changedSince(0, 10), ...parts.candidates.all()].map(({ information }) => [
        information.deviceId,
        parts.adoption.standingOf(information.deviceId),
      ]),
    );
  return { ...site, ...parts, probed, inspected, states, mostAtOnce: () => mostAtOnce };
};

const range = (addressRange: string, more: Partial<SearchQuery> = {}): SearchQuery => ({
  method: 'address-range',
  addressRange,
  ...more,
});

/** @spec I3 */
test('who is found in a range and proves himself waits to be adopted, or is adopted at once', async () => {
  const there = { '10.0.0.2:9444': 'mfp-1', '10.0.0.5:9444': 'mfp-2' };
  const site = await start({ there });
  const result = await site.search.start(range('10.0.0.0/29'));
  expect(result).toMatchObject({ asked: 6, places: 6, found: 2, refused: {}, complete: true });
  expect(result.devices.map(({ information, standing }) => [information.securePath?.host, standing])).toEqual(
    [
      ['10.0.0.2', 'found'],
      ['10.0.0.5', 'found'],
    ],
  );
  expect(site.states()).toEqual({ 'mfp-1': 'found', 'mfp-2': 'found' });
  await site.search.start(range('10.0.0.2', { adopt: true }));
  expect(site.states()).toEqual({ 'mfp-1': 'active', 'mfp-2': 'found' });
  expect(site.registered.get('mfp-1')).toMatchObject({ address: '10.0.0.2' });

  const automatic = await start({ there, config: { adopt: 'automatic' } });
  await automatic.search.start(range('10.0.0.0/29'));
  expect(automatic.states()).toEqual({ 'mfp-1': 'active', 'mfp-2': 'active' });
  await automatic.search.start(range('10.0.0.0/29', { adopt: false }));
  expect(automatic.states()).toEqual({ 'mfp-1': 'active', 'mfp-2': 'active' });
});

/** @spec I3 */
test('announcements only say where to ask, and never where this site may not search', async () => {
  const findOnNetwork: FindOnNetwork = async () => ({
    leads: [
      { host: '10.0.0.2', port: 4_433 },
      { host: '10.0.0.2', port: 4_433 },
      { host: '203.0.113.9', port: 4_433 },
      { host: 'not an address', port: 1 },
    ],
    ignored: 7,
  });
  const site = await start({ findOnNetwork, there: { '10.0.0.2:4433': 'mfp-1' } });
  expect(await site.search.start({ method: 'dns-sd' })).toMatchObject({
    found: 1,
    places: 1,
    refused: { 'announcement-invalid': 7, 'range-not-allowed': 2 },
  });
  expect(site.probed).toEqual(['10.0.0.2:4433']);
  expect(site.candidates.all()).toMatchObject([{ foundBy: 'dns-sd', address: '10.0.0.2' }]);
});

test('whoever does not prove to be a device is counted and nothing of him is kept', async () => {
  const site = await start({
    config: { concurrency: 2, probeTimeout: 3 },
    there: {
      '10.0.0.1:9444': { refuses: 'tls-refused' },
      '10.0.0.2:9444': { refuses: 'not-a-device' },
      '10.0.0.3:9444': 'tarpit',
      '10.0.0.4:9444': 'impostor',
      '10.0.0.5:9444': { refuses: 'internal-error' },
      '10.0.0.6:9444': 'mfp-1',
    },
    says: { impostor: 'mfp-9' },
  });
  const ended = site.search.start(range('10.0.0.1-10.0.0.9'));
  await site.pass(Seconds(10));
  expect(await ended).toMatchObject({
    asked: 9,
    found: 1,
    refused: {
      'tls-refused': 1,
      'not-a-device': 1,
      'deadline-exceeded': 1,
      'device-mismatch': 1,
      'internal-error': 1,
    },
  });
  expect(site.states()).toEqual({ 'mfp-1': 'found' });
  expect(site.mostAtOnce()).toBe(2);
});

test('a device that is found twice is one, and one that refuses in a thousand ways fills no memory', async () => {
  const there = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`10.0.0.${index + 1}:9444`, { refuses: `code-${index}` }]),
  );
  const site = await start({
    config: { ports: [9_444, 443] },
    there: { ...there, '10.0.0.1:443': 'mfp-1', '10.0.0.2:443': 'mfp-1' },
  });
  const { found, refused } = await site.search.start(range('10.0.0.1-10.0.0.200'));
  expect(found).toBe(1);
  expect(Object.keys(refused)).toHaveLength(65);
  expect(refused['others']).toBe(200 - 64);
});

/** @spec I3 */
test('a device of the site stays where it said it is, until it is silent there; one that was released stays released', async () => {
  const site = await start({ there: { '10.0.0.2:9444': 'mfp-1' } });
  site.registered.register(deviceInformation('mfp-1'), '10.0.0.9', site.clock.now());
  await site.search.start(range('10.0.0.2', { adopt: true }));
  expect(site.registered.get('mfp-1')?.address).toBe('10.0.0.9');

  const failing = async (): Promise<never> => {
    throw new PosternError('unreachable', 'No');
  };
  await site.contacts.during('mfp-1', new AbortController().signal, failing).catch(() => {});
  await site.search.start(range('10.0.0.2'));
  expect(site.registered.get('mfp-1')).toMatchObject({ address: '10.0.0.2' });
  expect(site.contacts.isSilent('mfp-1')).toBe(false);

  site.adoption.release('mfp-1')();
  const { devices } = await site.search.start(range('10.0.0.2', { adopt: true }));
  expect(devices).toMatchObject([{ standing: 'released' }]);
  expect(site.states()).toEqual({ 'mfp-1': 'released' });
});

test('one search at a time: the same one is joined, another is refused', async () => {
  const site = await start({ there: { '10.0.0.1:9444': 'tarpit' } });
  const [one, same] = [site.search.start(range('10.0.0.1')), site.search.start(range('10.0.0.1'))];
  for (const other of [
    range('10.0.0.2'),
    range('10.0.0.1', { adopt: true }),
    { method: 'dns-sd' } as const,
  ]) {
    expect(() => site.search.start(other)).toThrow('Another search is under way');
  }
  await site.pass(Seconds(10));
  expect(await same).toBe(await one);
  expect(site.probed).toEqual(['10.0.0.1:9444']);
  await site.search.start(range('10.0.0.2'));
});

test('a search that takes too long ends with what it has found', async () => {
  const site = await start({
    config: { deadline: 5, probeTimeout: 4, concurrency: 1 },
    there: { '10.0.0.1:9444': 'mfp-1', '10.0.0.2:9444': 'tarpit', '10.0.0.3:9444': 'tarpit' },
  });
  const ended = site.search.start(range('10.0.0.1-10.0.0.9'));
  await site.pass(Seconds(10));
  expect(await ended).toMatchObject({ asked: 2, places: 9, found: 1, complete: false });
  expect(site.probed).toHaveLength(3);
});

test('a search that cannot listen says so, and the next may begin', async () => {
  const site = await start({
    findOnNetwork: async () => {
      throw new PosternError('search-unavailable', 'No');
    },
  });
  await expect(site.search.start({ method: 'dns-sd' })).rejects.toMatchObject({ code: 'search-unavailable' });
  const events = [];
  const { signal } = new AbortController();
  for await (const event of followSearch(site.search, { method: 'dns-sd' }, signal)) events.push(event);
  expect(events).toMatchObject([{ type: 'failed', failure: { code: 'search-unavailable' } }]);
});

test('a follower hears how far it is, and the result; what is wrong with a query he hears at once', async () => {
  const site = await start({ there: { '10.0.0.2:9444': 'mfp-1' }, config: { concurrency: 1 } });
  const { signal } = new AbortController();
  expect(() => followSearch(site.search, range('10.0.0.0/8'), signal)).toThrow('more than 1024 addresses');
  const events: string[] = [];
  for await (const event of followSearch(site.search, range('10.0.0.1-10.0.0.3'), signal)) {
    if (event.type === 'progress') events.push(`${event.progress.asked} of ${event.progress.places}`);
    else events.push(event.type);
  }
  expect(events).toEqual(['1 of 3', '2 of 3', '3 of 3', 'finished']);
});

/** @spec I3 */
test('the server searches, and is told that it takes a while', async () => {
  const site = await start({ there: { '10.0.0.2:9444': 'mfp-1' } });
  const answers: unknown[] = [];
  const decide = (id: string, body: device.SearchDevices) => {
    const expiresAt = (site.clock.now() + 60_000) as ReturnType<typeof site.clock.now>;
    const facts = { requestId: id, target: 'site-a', kind: 'SearchDevices', expiresAt } as const;
    site.requests.add(facts, { kind: 'SearchDevices', value: body });
    return site.connections.decide(facts, { kind: 'SearchDevices', value: body });
  };
  expect(() => decide('r0', { method: 'address-range', addressRange: '8.8.8.8' })).toThrow(
    '8.8.8.8 is not where this site may search',
  );
  const decision = decide('r1', range('10.0.0.1-10.0.0.3', { adopt: true }) as device.SearchDevices);
  expect(decision).toHaveProperty('begin');
  if (decision !== undefined && 'begin' in decision) decision.begin();
  await site.pass(Seconds(1));
  answers.push(site.requests.response('r1')?.body);
  expect(answers).toMatchObject([
    { kind: 'SearchDevicesResponse', value: { device: [{ deviceId: 'mfp-1', model: 'MFP 1' }] } },
  ]);
  expect(site.states()).toEqual({ 'mfp-1': 'active' });

  // A process that died while it searched is followed by one that searches.
  site.adoption.release('mfp-1')();
  decide('r2', { method: 'address-range', addressRange: '10.0.0.2' });
  for (const request of site.requests.open()) {
    if (request.requestId === 'r2') site.connections.recover(request);
  }
  await site.pass(Seconds(1));
  expect(site.requests.response('r2')?.body).toMatchObject({ value: { device: [{ deviceId: 'mfp-1' }] } });
});

/** @spec I3 */
test('a site that searches by itself listens and asks its ranges, one after the other', async () => {
  const queries: SearchQuery[] = [];
  const { clock, pass } = await start();
  const search = {
    start: async (query: SearchQuery) => {
      queries.push(query);
      if (query.method === 'dns-sd') throw new PosternError('search-unavailable', 'No');
      return { asked: 0, places: 0, found: 0, devices: [], refused: {}, complete: true };
    },
  };
  const config = { every: Seconds(600), ranges: ['10.0.0.0/30', '10.0.1.0/30'] };
  const logger = { warn: () => {} } as never;
  const periodic = new PeriodicSearch({ search, config, clock, logger });
  periodic.start();
  await pass(Seconds(599));
  expect(queries).toEqual([]);
  await pass(Seconds(2));
  expect(queries).toEqual([{ method: 'dns-sd' }, ...config.ranges.map((text) => range(text))]);
  await pass(Seconds(600));
  expect(queries).toHaveLength(6);
  periodic.close();
  await pass(Seconds(600));
  expect(queries).toHaveLength(6);
});
