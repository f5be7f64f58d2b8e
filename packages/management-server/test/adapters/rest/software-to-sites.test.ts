import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { uplink } from '@postern/contracts';
import { Hours, Instant } from '@postern/core';
import { clientTlsOptions } from '@postern/pki';
import { callHttps } from '../../support/rest-client.ts';
import { IMAGE, manifestOf, sha256 } from '../../support/software.ts';
import { addSoftware, createWorld, poll, type World } from '../../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld({ limits: { openRequestsPerIntermediary: 1 } });
});
afterEach(() => world.close());

const push = (name: string, software: string, more: object = {}) =>
  world.rest({
    method: 'POST',
    path: `/api/v1/intermediaries/${name}/software`,
    body: { software, ...more },
  });
const get = async (path: string) => (await world.rest({ path: `/api/v1/${path}` })).json;
const fetched = (requestId: string, fetchedBytes = IMAGE.length): uplink.Response => ({
  requestId,
  at: Instant(0),
  body: { kind: 'FetchSoftwareResponse', value: { fetchedBytes } },
});
const callingSite = async () => {
  const site = await world.client('site-a');
  await site.call('Poll', poll());
  return site;
};
const imageStatus = async (name: string) => {
  const tls = clientTlsOptions(await world.enrol(name), { expect: { role: 'server' } });
  const path = `/images/${sha256(IMAGE)}`;
  return (await callHttps(world.server.uplinkPort, tls, { method: 'HEAD', path })).status;
};

/** @spec I5 R1 */
describe('software for a site', () => {
  test('goes down to the intermediary itself, and its answer is shown', async () => {
    const site = await callingSite();
    const software = await addSoftware(world);
    const { status, headers, json } = await push('site-a', software, { deadlineSeconds: 600 });
    const id = String(json['id']);
    expect([status, headers['location']]).toEqual([201, `/api/v1/requests/${id}`]);
    expect(json).toMatchObject({ kind: 'FetchSoftware', state: 'waiting', softwareId: software });
    const { requests } = await site.call('Poll', poll());
    expect(requests?.request).toMatchObject([
      { requestId: id, target: 'site-a', expiresInSeconds: 600, body: { kind: 'FetchSoftware' } },
    ]);
    expect((await get(`requests/${id}`))['state']).toBe('sent');
    await world.restart();
    const again = await world.client('site-a');
    await again.call('Poll', poll({ responses: { response: [fetched(id, 7)] } }));
    expect(await get(`requests/${id}`)).toMatchObject({
      state: 'answered',
      fetchedBytes: 7,
      answeredAt: expect.any(String),
      failure: null,
    });
  });

  test('wakes a held poll', async () => {
    const site = await callingSite();
    const software = await addSoftware(world);
    const answer = site.call('Poll', poll({ holdSeconds: 30, sessionId: 'asked' }));
    expect((await answer).requests).toBeUndefined();
    const held = site.call('Poll', poll({ holdSeconds: 30, sessionId: 'asked' }));
    await world.heldPoll();
    const { json } = await push('site-a', software);
    expect((await held).requests?.request[0]?.requestId).toBe(json['id']);
  });

  test('can be read by that intermediary until it has answered, and by no other', async () => {
    const site = await callingSite();
    const software = await addSoftware(world);
    expect(await imageStatus('site-a')).toBe(404);
    const { json } = await push('site-a', software);
    expect([await imageStatus('site-a'), await imageStatus('site-b')]).toEqual([200, 404]);
    await site.call('Poll', poll());
    await site.call('Poll', poll({ responses: { response: [fetched(String(json['id']))] } }));
    expect(await imageStatus('site-a')).toBe(404);
  });

  test('a failure at the site is shown with its code', async () => {
    const site = await callingSite();
    const { json } = await push('site-a', await addSoftware(world));
    await site.call('Poll', poll());
    const body = { kind: 'Failure' as const, value: { code: 'storage-full', message: 'no room' } };
    const response = { requestId: String(json['id']), at: Instant(0), body };
    await site.call('Poll', poll({ responses: { response: [response] } }));
    expect(await get(`requests/${json['id']}`)).toMatchObject({
      state: 'refused',
      failure: { code: 'storage-full' },
    });
  });

  test('ordered again before it has ended is the same request; afterwards a new one', async () => {
    const site = await callingSite();
    const software = await addSoftware(world);
    const first = await push('site-a', software);
    const second = await push('site-a', software);
    expect([second.status, second.json['id']]).toEqual([200, first.json['id']]);
    await site.call('Poll', poll());
    await site.call('Poll', poll({ responses: { response: [fetched(String(first.json['id']))] } }));
    const third = await push('site-a', software);
    expect(third.status).toBe(201);
    const list = (await get('requests?intermediary=site-a'))['items'] as { id: string }[];
    expect(list.map(({ id }) => id)).toEqual([third.json['id'], first.json['id']]);
    expect((await get('requests?intermediary=site-b'))['items']).toEqual([]);
  });

  test('of which the site tells nothing is given up, and can be ordered again', async () => {
    const site = await callingSite();
    const software = await addSoftware(world);
    const { json } = await push('site-a', software, { deadlineSeconds: 60 });
    await site.call('Poll', poll());
    await world.clock.advance(Hours(1));
    expect((await get(`requests/${json['id']}`))['state']).toBe('expired');
    expect((await push('site-a', software)).status).toBe(201);
  });

  test.each([
    ['site-b', 404, 'intermediary-unknown'],
    ['site-a', 404, 'software-unknown'],
  ])('for %s is refused with %s %s', async (name, status, code) => {
    await callingSite();
    const answer = await push(name, 'sw-unknown');
    expect([answer.status, answer.json['code']]).toEqual([status, code]);
  });

  test('has a limit for each intermediary', async () => {
    await callingSite();
    await push('site-a', await addSoftware(world));
    const other = await addSoftware(world, manifestOf({ software: 'other-firmware' }));
    const { status, json } = await push('site-a', other);
    expect([status, json['code']]).toEqual([429, 'too-many-requests']);
  });
});

test('intermediaries are listed once they have called', async () => {
  expect((await get('intermediaries'))['items']).toEqual([]);
  await (await world.client('site-b')).call('Poll', poll());
  await callingSite();
  const seen = new Date(world.clock.now()).toISOString();
  expect((await get('intermediaries'))['items']).toEqual([
    { name: 'site-a', lastSeen: seen, via: null, route: [] },
    { name: 'site-b', lastSeen: seen, via: null, route: [] },
  ]);
  expect((await get('intermediaries?limit=1&after=site-a'))['items']).toMatchObject([{ name: 'site-b' }]);
});
