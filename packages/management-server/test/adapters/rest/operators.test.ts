import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Hours, packageVersion, Seconds } from '@postern/core';
import { IMAGE, manifestOf, sha256, signed } from '../../support/software.ts';
import {
  addSoftware,
  createWorld,
  devices,
  order,
  orderFor,
  poll,
  verified,
  type World,
} from '../../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const get = async (path: string) => (await world.rest({ path: `/api/v1/${path}` })).json;
const cancel = (id: string) => world.rest({ method: 'POST', path: `/api/v1/updates/${id}/cancel` });
const items = (page: Record<string, unknown>) => page['items'] as Record<string, unknown>[];

describe('images and software', () => {
  const upload = () =>
    world.rest({
      method: 'PUT',
      path: `/api/v1/images/${sha256(IMAGE)}`,
      headers: { 'content-type': 'application/octet-stream' },
      body: IMAGE,
    });

  test('an image is taken once, and its presence can be asked for', async () => {
    const path = `/api/v1/images/${sha256(IMAGE)}`;
    expect((await world.rest({ method: 'HEAD', path })).status).toBe(404);
    const first = await upload();
    expect([first.status, first.headers['location']]).toEqual([201, path]);
    expect((await upload()).status).toBe(200);
    expect((await world.rest({ method: 'HEAD', path })).status).toBe(200);
    expect((await world.rest({ path })).json).toEqual({ sha256: sha256(IMAGE), length: IMAGE.length });
  });

  test('software is registered once, by its content', async () => {
    await upload();
    const body = { signedManifest: signed(manifestOf()).toString('base64') };
    const post = () => world.rest({ method: 'POST', path: '/api/v1/software', body });
    const [first, second] = [await post(), await post()];
    expect([first.status, second.status]).toEqual([201, 200]);
    expect(first.json).toMatchObject({ software: 'mfp-firmware', model: 'MFP-1', warnings: [] });
    expect(first.json['id']).toMatch(/^sw-[0-9a-f]{16}$/);
    expect(items(await get('software'))).toHaveLength(1);
  });

  test('a release counter that does not rise is reported', async () => {
    await addSoftware(world);
    const [component] = manifestOf().components;
    if (component === undefined) throw new TypeError('no component');
    const older = manifestOf({ components: [{ ...component, version: '1.9', releaseCounter: 2 }] });
    const body = { signedManifest: signed(older).toString('base64') };
    const { status, json } = await world.rest({ method: 'POST', path: '/api/v1/software', body });
    expect(status).toBe(201);
    expect(json['warnings']).toEqual([expect.stringMatching(/1\.9 has release counter 2, but 2\.0 has 2/)]);
  });
});

describe('lists', () => {
  test('come in pages', async () => {
    const site = await world.client('site-a');
    await site.call('Poll', poll({ devices: devices('a', 'b', 'c') }));
    const first = await get('devices?limit=2');
    expect([items(first).map(({ id }) => id), first['next']]).toEqual([['a', 'b'], 'b']);
    const second = await get('devices?limit=2&after=b');
    expect([items(second).map(({ id }) => id), second['next']]).toEqual([['c'], null]);
    const software = await addSoftware(world);
    const ids = [];
    for (const name of ['a', 'b', 'c']) ids.push((await order(world, name, software)).json['updateId']);
    expect(items(await get(`updates?limit=2`)).map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    expect(items(await get(`updates?after=${ids[1]}`)).map(({ id }) => id)).toEqual([ids[0]]);
    expect(items(await get(`updates?device=b`)).map(({ id }) => id)).toEqual([ids[1]]);
  });

  test('devices can be chosen, and come with their counters when asked', async () => {
    const site = await world.client('site-a');
    const [device] = devices('a').device;
    if (device === undefined) throw new TypeError('no device');
    const other = { ...device, information: { ...device.information, deviceId: 'b', model: 'TV-1' } };
    await site.call('Poll', poll({ devices: { revision: 1, complete: true, device: [device, other] } }));
    const names = async (query: string) => items(await get(`devices?${query}`)).map(({ id }) => id);
    expect(await names('model=TV-1')).toEqual(['b']);
    expect(await names('intermediary=site-a')).toEqual(['a', 'b']);
    expect(await names('intermediary=site-a&profile=printer')).toEqual([]);
    expect(items(await get('devices'))[0]?.['counters']).toBeNull();
    expect(items(await get('devices?counters=true'))[0]?.['counters']).toEqual([]);
    expect((await get('devices?counters=yes'))['code']).toBe('request-invalid');
  });

  test('devices tell what their intermediary reported, and when it was seen', async () => {
    const site = await world.client('site-a');
    await site.call('Poll', poll({ devices: devices('a') }));
    expect(await get('devices/a')).toMatchObject({
      id: 'a',
      model: 'MFP-1',
      components: [{ component: 'system', version: '1.0' }],
      intermediary: 'site-a',
      present: true,
      intermediaryLastSeen: new Date(world.clock.now()).toISOString(),
    });
  });
});

describe('orders', () => {
  test('with one Idempotency-Key are one order', async () => {
    const site = await world.client('site-a');
    await site.call('Poll', poll({ devices: devices('a', 'b') }));
    const software = await addSoftware(world);
    const post = (deviceId: string) =>
      world.rest({
        method: 'POST',
        path: '/api/v1/updates',
        headers: { 'idempotency-key': 'key-1' },
        body: { deviceId, software },
      });
    const [first, again, another] = [await post('a'), await post('a'), await post('b')];
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.json['updateId']).toBe(first.json['updateId']);
    expect([another.status, another.json['code']]).toEqual([422, 'idempotency-key-reused']);
  });

  test('that nobody fetches expire by themselves', async () => {
    const site = await world.client('site-a');
    await site.call('Poll', poll({ devices: devices('a') }));
    const { json } = await order(world, 'a', await addSoftware(world), { deadlineSeconds: 60 });
    await world.clock.advance(Seconds(60));
    expect(world.logger.lines.map(({ message }) => message)).toContain(
      'update expired before it was fetched',
    );
    expect((await get(`updates/${json['updateId']}`))['state']).toBe('expired');
    expect((await site.call('Poll', poll())).requests).toBeUndefined();
  });
});

test('a read of an update waits for its end, if it is to', async () => {
  const site = await world.client('site-a');
  const id = await orderFor(world, site);
  const held = get(`updates/${id}?wait=50`);
  await site.call('Poll', poll());
  await site.call('Poll', poll({ responses: { response: [verified(id)] } }));
  expect((await held)['state']).toBe('verified');
  expect((await get(`updates/${id}?wait=51`))['code']).toBe('request-invalid');
});

describe('cancelling', () => {
  test('ends an update at once that was not fetched', async () => {
    const site = await world.client('site-a');
    const id = await orderFor(world, site);
    const answer = await cancel(id);
    expect([answer.status, answer.json['state']]).toEqual([200, 'cancelled']);
    expect((await site.call('Poll', poll())).requests).toBeUndefined();
    expect((await cancel(id)).json['code']).toBe('update-finished');
  });

  test('asks the intermediary otherwise, and its answer decides', async () => {
    const site = await world.client('site-a');
    const id = await orderFor(world, site);
    await site.call('Poll', poll());
    expect((await cancel(id)).status).toBe(202);
    expect((await cancel(id)).status).toBe(202);
    const down = await site.call('Poll', poll({ received: { id: [id] } }));
    expect(down.requests?.request).toMatchObject([
      { target: 'printer-1', body: { kind: 'CancelUpdate', value: { requestId: id } } },
    ]);
    const requestId = String(down.requests?.request[0]?.requestId);
    const body = { kind: 'CancelUpdateResponse' as const, value: { cancelled: false } };
    const response = [{ requestId, at: world.clock.now(), body }];
    await site.call('Poll', poll({ responses: { response } }));
    expect(await get(`updates/${id}`)).toMatchObject({ state: 'sent', cancelRequested: true });
    await site.call('Poll', poll({ responses: { response: [verified(id)] } }));
    expect((await get(`updates/${id}`))['state']).toBe('verified');
  });

  test('gives up an update whose site is silent long past the deadline, and the device is free again', async () => {
    const site = await world.client('site-a');
    const id = await orderFor(world, site);
    await site.call('Poll', poll());
    await site.call('Poll', poll({ received: { id: [id] } }));
    await world.clock.advance(Hours(25));
    const answer = await cancel(id);
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({ state: 'failed', failure: { code: 'site-silent' } });
    await site.call('Poll', poll({ responses: { response: [verified(id)] } }));
    expect((await get(`updates/${id}`))['state']).toBe('failed');
    expect((await order(world, 'printer-1', await addSoftware(world))).status).toBe(201);
  });

  test('a cancellation on its way is withdrawn when the update ends', async () => {
    const site = await world.client('site-a');
    const id = await orderFor(world, site);
    await site.call('Poll', poll());
    await cancel(id);
    const answer = await site.call('Poll', poll({ responses: { response: [verified(id)] } }));
    expect(answer.requests).toBeUndefined();
  });
});

const VERSION = packageVersion(new URL('../../../package.json', import.meta.url));

test('health needs no token', async () => {
  const answer = await world.rest({ path: '/api/v1/health', headers: { authorization: '' } });
  expect([answer.status, answer.json]).toEqual([200, { status: 'ok', version: VERSION }]);
});
