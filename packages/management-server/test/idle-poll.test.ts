import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { uplinkContract } from '@postern/contracts';
import { Minutes, Seconds } from '@postern/core';
import { memoryLogger, seededEntropy, VirtualClock } from '@postern/core/testing';
import { createServiceTransport, createSoapClientOver, HeldPolls } from '@postern/soap-rpc';
import { createImageStore } from '@postern/storage';
import { openStores, type SqliteStores } from '../src/adapters/sqlite/stores.ts';
import { createUplinkService } from '../src/adapters/uplink/uplink-service.ts';
import { composeDomain, type Domain } from '../src/compose.ts';
import { parseServerConfig } from '../src/config.ts';
import type { Stores } from '../src/domain/ports.ts';
import { temporaryDirectory } from './support/directory.ts';
import { devices, poll } from './support/world.ts';

let home: Awaited<ReturnType<typeof temporaryDirectory>>;
let clock: VirtualClock;
let stores: SqliteStores;
let domain: Domain;
let calls: string[];

beforeEach(async () => {
  home = await temporaryDirectory();
  clock = new VirtualClock();
  const logger = memoryLogger();
  stores = await openStores(home.path, logger);
  calls = [];
  domain = composeDomain({
    config: parseServerConfig({ dataDir: home.path, identityDir: home.path }),
    stores: counted(stores, calls),
    images: await createImageStore({ directory: home.path, clock, maxBytes: 1 }),
    vendorTrust: { sequence: 0, threshold: 1, keys: new Map() },
    timeKey: { sign: () => new Uint8Array() },
    clock,
    entropy: seededEntropy(1),
    logger,
  });
  calls.length = 0;
});
afterEach(async () => {
  domain.close();
  stores.close();
  await home.remove();
});

/** The same stores; every call of one of their functions is noted. */
const counted = (original: SqliteStores, into: string[]): Stores =>
  new Proxy(original, {
    get: (target, name) => {
      const store: unknown = Reflect.get(target, name);
      if (typeof store !== 'object' || store === null) return store;
      return new Proxy(store, {
        get: (inner, operation) => {
          into.push(`${String(name)}.${String(operation)}`);
          return Reflect.get(inner, operation);
        },
      });
    },
  });

const client = () => {
  const service = createUplinkService({
    ...domain,
    held: new HeldPolls(clock, 10),
    logger: memoryLogger(),
    holdAtMost: Seconds(60),
    nextPoll: Seconds(1),
  });
  const transport = createServiceTransport(service, { peer: { role: 'intermediary', name: 'site-a' } });
  return createSoapClientOver(uplinkContract, { transport, clock });
};

const written = () => stores.database.sqlite.prepare('SELECT total_changes() AS n').get() as { n: number };

/** @spec R1 */
describe('an idle poll', () => {
  test('reads nothing and writes nothing', async () => {
    const site = client();
    const before = written();
    for (let i = 0; i < 20; i++) await site.call('Poll', poll());
    expect(calls).toEqual([]);
    expect(written()).toEqual(before);
  });

  test('leaves a time of last contact, which is written now and then', async () => {
    const site = client();
    await site.call('Poll', poll());
    expect(domain.lastSeen.get('site-a')).toBe(clock.now());
    expect(stores.sites.all()).toEqual([]);
    await clock.advance(Minutes(5));
    expect(stores.sites.all()).toMatchObject([{ intermediary: 'site-a' }]);
  });

  test('does not lose the revision when the time of last contact is written, nor the other way round', async () => {
    const site = client();
    await site.call('Poll', poll({ devices: devices('printer-1') }));
    await clock.advance(Minutes(5));
    await site.call('Poll', poll({ devices: devices('printer-1', 'printer-2') }));
    expect(stores.sites.all()).toEqual([
      { intermediary: 'site-a', devicesRevision: 2, lastSeen: expect.any(Number) },
    ]);
  });
});
