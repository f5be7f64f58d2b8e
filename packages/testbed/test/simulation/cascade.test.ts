import { afterEach, describe, expect, test } from '@jest/globals';
import { Minutes, Seconds } from '@postern/core';
import { buildCascade, type Cascade, type CascadeOptions } from '../../src/simulation/index.ts';

/** Three deep, with devices on every floor. */
const SITES: CascadeOptions['sites'] = [
  { name: 'top', devices: ['mfp-top'] },
  { name: 'middle', above: 'top', devices: ['mfp-middle'] },
  { name: 'leaf', above: 'middle', devices: ['mfp-leaf'] },
];

let cascade: Cascade | undefined;
afterEach(() => {
  cascade?.close();
  cascade = undefined;
});

const build = async (options: Partial<CascadeOptions> = {}): Promise<Cascade> => {
  cascade = await buildCascade({ sites: SITES, ...options });
  return cascade;
};

const known = ({ server }: Cascade, deviceId: string) => server.stores.devices.find(deviceId);

/** Orders 2.0 for a device once the server knows it. @returns its update, as it stands */
const order = async (world: Cascade, deviceId: string) => {
  await world.until(`${deviceId} is known`, () => known(world, deviceId) !== undefined);
  const softwareId = await world.register('2.0');
  const { server } = world;
  const ordered = await server.door?.domain.updates.order({ deviceId, softwareId, deadlineSeconds: 7_200 });
  const id = ordered?.update.id ?? '';
  return { id, now: () => server.stores.updates.find(id) };
};

const ended = (update: { now: () => { finishedAt: unknown } | undefined }) => () =>
  update.now()?.finishedAt !== undefined;

describe('intermediaries below intermediaries', () => {
  /** @spec T2 */
  test('devices of every floor are known with the way to them, and so are the intermediaries', async () => {
    const world = await build();
    await world.until('all are known', () =>
      ['mfp-top', 'mfp-middle', 'mfp-leaf'].every((name) => known(world, name) !== undefined),
    );
    expect(known(world, 'mfp-top')).toMatchObject({ intermediary: 'top', route: [] });
    expect(known(world, 'mfp-middle')).toMatchObject({ intermediary: 'top', route: ['middle'] });
    expect(known(world, 'mfp-leaf')).toMatchObject({ intermediary: 'top', route: ['middle', 'leaf'] });
    expect(world.server.stores.sitesBelow.all()).toMatchObject([
      { name: 'leaf', via: 'top', route: ['middle', 'leaf'] },
      { name: 'middle', via: 'top', route: ['middle'] },
    ]);
  });

  /** @spec T2 */
  test('an update ordered for a device three floors down passes both others, and its images with it', async () => {
    const world = await build();
    const update = await order(world, 'mfp-leaf');
    await world.until('the update has ended', ended(update));
    expect(update.now()).toMatchObject({ state: 'verified', result: { credential: 'erased' } });
    expect(world.device('mfp-leaf').door?.target.versions).toMatchObject({ firmware: '2.0' });
    // It was executed where the device is, and nowhere else.
    const jobs = ['top', 'middle', 'leaf'].map(
      (name) => world.site(name).database.stores.history.newest(10).length,
    );
    expect(jobs).toEqual([0, 0, 1]);
    const steps = world.server.stores.journal.list(update.id).map(({ step }) => step);
    expect(steps).toEqual(expect.arrayContaining(['S101', 'S112', 'S119', 'S124']));
  });

  test('polls that bring and find nothing write nothing, on any floor', async () => {
    const world = await build();
    await world.until('all are known', () => known(world, 'mfp-leaf') !== undefined);
    await world.clock.advance(Minutes(2));
    const changes = () =>
      ['top', 'middle', 'leaf'].map((name) =>
        world.site(name).database.database.sqlite.prepare('SELECT total_changes() AS n').pluck().get(),
      );
    const before = changes();
    await world.clock.advance(Minutes(20));
    expect(changes()).toEqual(before);
  });

  /** @spec T2 X6 */
  test.each(['top', 'middle', 'leaf'])('%s dies in the middle and goes on', async (name) => {
    const world = await build();
    const update = await order(world, 'mfp-leaf');
    await world.until('the order has come down', () =>
      world.site('leaf').database.stores.requests.has(update.id),
    );
    world.site(name).node.kill();
    await world.until('the update has ended', ended(update));
    expect(update.now()).toMatchObject({ state: 'verified' });
  });

  /** @spec T2 */
  test.each([1, 2, 3])('lost, late and doubled messages change nothing of it (%i)', async (seed) => {
    const world = await build({
      seed,
      trouble: { lost: 0.1, answerLost: 0.15, delayed: 0.05, duplicated: 0.1, cut: 0.02 },
      healsAt: Minutes(10),
    });
    const update = await order(world, 'mfp-leaf');
    await world.until('the update has ended', ended(update), Seconds(10_000));
    expect(update.now()).toMatchObject({ state: 'verified' });
    expect(world.site('leaf').database.stores.history.newest(10)).toHaveLength(1);
  });

  test('a request for somebody below who does not call expires, and is answered', async () => {
    const world = await build();
    await world.until('all are known', () => known(world, 'mfp-leaf') !== undefined);
    world.site('leaf').node.restart(Minutes(60));
    const softwareId = await world.register('2.0');
    const order = { deviceId: 'mfp-leaf', softwareId, deadlineSeconds: 30 };
    const ordered = await world.server.door?.domain.updates.order(order);
    const id = ordered?.update.id ?? '';
    const update = { now: () => world.server.stores.updates.find(id) };
    await world.until('the update has ended', ended(update));
    expect(update.now()).toMatchObject({
      state: 'failed',
      result: { failure: { code: 'deadline-exceeded' } },
    });
    expect(world.site('middle').database.stores.passing.find(id)).toMatchObject({ state: 'answered' });
  });
});

describe('calls of devices below', () => {
  /** The key is pressed at a device of the lowest floor. */
  const press = async (world: Cascade, callId: string) => {
    await world.until('all are known', () => known(world, 'mfp-leaf') !== undefined);
    const { signal } = new AbortController();
    const call = { callId, at: world.clock.now(), reason: 'No paper' };
    const peer = { role: 'device', name: 'mfp-leaf' } as const;
    let told: unknown;
    void world
      .site('leaf')
      .door?.domain.words.call(call, { peer, signal })
      .then((answer) => {
        told = answer;
      });
    await world.until('the device is told something', () => told !== undefined);
    return told;
  };
  const notice = (world: Cascade) => world.server.stores.notices.page({ limit: 10 })[0];

  /** @spec T2 R3 */
  test('go up three floors, with the way that they took, and are answered', async () => {
    const world = await build();
    expect(await press(world, 'call-1')).toMatchObject({ inReplyTo: 'call-1', outcome: 'succeeded' });
    expect(notice(world)).toMatchObject({ deviceId: 'mfp-leaf', kind: 'UserCall', intermediary: 'top' });
  });

  /** @spec T2 R4 */
  test('are answered later by a person: the answer goes down three floors with their polls', async () => {
    const world = await build({ serverConfig: { calls: { answering: 'operator' } } });
    expect(await press(world, 'call-1')).toMatchObject({ outcome: 'pending' });
    const id = notice(world)?.id ?? '';
    world.server.door?.domain.notices.answer(id, { outcome: 'succeeded', text: 'Paper is on its way' });
    const said = () => world.site('leaf').database.stores.said.findIn('shown')[0];
    await world.until('it shows on the panel', () => said() !== undefined);
    expect(said()?.answer).toMatchObject({ outcome: 'succeeded', text: 'Paper is on its way' });
    for (const name of ['top', 'middle']) {
      expect(world.site(name).database.stores.said.findIn('late')).toEqual([]);
    }
    expect(notice(world)?.state).toBe('delivered');
  });
});
