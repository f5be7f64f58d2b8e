import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { buildCascade, type Cascade } from '../../src/simulation/index.ts';

const COUNT = 450;

let cascade: Cascade;
beforeEach(async () => {
  cascade = await buildCascade({ sites: [{ name: 'top' }, { name: 'leaf', above: 'top' }] });
  const { devices } = cascade.site('leaf').database.stores;
  for (let index = 0; index < COUNT; index++) {
    const deviceId = `mfp-${index}`;
    const information = { deviceId, model: 'M', components: { item: [] }, bulkPathKind: 'ftp' } as const;
    devices.register(information, deviceId, cascade.clock.now());
  }
  await cascade.until('all are known', () => presentAtServer() === COUNT);
});
afterEach(() => cascade.close());

const presentAtServer = (): number => cascade.server.stores.devices.select({}, 1_000).length;

/** A node that is told of all devices, as it is seen by whoever asks it. */
interface Receiver {
  readonly sender: string;
  readonly present: () => number;
  /** Holds no list any more, and has a device that its sender never told of. */
  readonly forget: () => void;
  readonly hasStale: () => boolean;
  /** The revision that it holds now. */
  readonly held: () => number;
  readonly kill: () => void;
}

const server = (): Receiver => {
  const { stores, node } = cascade.server;
  return {
    sender: 'top',
    present: presentAtServer,
    forget: () => {
      stores.sites.saveRevision('top', 0);
      const one = stores.devices.find('mfp-0');
      if (one !== undefined)
        stores.devices.save({ ...one, information: { ...one.information, deviceId: 'stale' } });
    },
    hasStale: () => stores.devices.find('stale')?.present === true,
    held: () => cascade.server.door?.domain.exchange.devicesRevision('top') ?? 0,
    kill: () => node.kill(),
  };
};

const intermediary = (): Receiver => {
  const top = cascade.site('top');
  const { below } = top.database.stores;
  return {
    sender: 'leaf',
    present: () => below.count('leaf'),
    forget: () => {
      below.saveRevision('leaf', 0);
      const one = below.device('mfp-0');
      if (one !== undefined) below.save({ ...one, information: { ...one.information, deviceId: 'stale' } });
    },
    hasStale: () => below.device('stale')?.gone === false,
    held: () => top.door?.domain.cascade.exchange.devicesRevision('leaf') ?? 0,
    kill: () => top.node.kill(),
  };
};

/** @spec T2 */
test.each([
  ['the server', 'nobody', 0, server],
  ['the server', 'it', 200, server],
  ['the server', 'it', 400, server],
  ['the server', 'its sender', 200, server],
  ['the server', 'its sender', 400, server],
  ['an intermediary', 'nobody', 0, intermediary],
  ['an intermediary', 'it', 200, intermediary],
  ['an intermediary', 'it', 400, intermediary],
  ['an intermediary', 'its sender', 200, intermediary],
  ['an intermediary', 'its sender', 400, intermediary],
] as const)(
  '%s loses nobody of a long list that is told anew, though %s dies after %s devices',
  async (_tier, who, after, of) => {
    const receiver = of();
    receiver.forget();
    receiver.kill();
    await cascade.until('it holds nothing', () => receiver.held() === 0);
    expect(receiver.hasStale()).toBe(true);
    let least = receiver.present();
    const watching = (happened: () => boolean) => (): boolean => {
      least = Math.min(least, receiver.present(), presentAtServer());
      return happened();
    };
    if (who !== 'nobody') {
      await cascade.until(
        'parts have come',
        watching(() => receiver.held() >= after),
      );
      expect(receiver.hasStale()).toBe(true);
      if (who === 'it') receiver.kill();
      else cascade.site(receiver.sender).node.kill();
    }
    await cascade.until(
      'the stale one is gone',
      watching(() => !receiver.hasStale()),
    );
    await cascade.until(
      'that is known everywhere',
      watching(() => presentAtServer() === COUNT),
    );
    expect([least, receiver.present()]).toEqual([COUNT, COUNT]);
  },
);
