import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { clientTlsOptions } from '@postern/pki';
import { callHttps, type RestCall } from '../../support/rest-client.ts';
import { IMAGE, sha256 } from '../../support/software.ts';
import { createWorld, orderFor, poll, verified, type World } from '../../support/world.ts';

let world: World;
let update: string;
const path = `/images/${sha256(IMAGE)}`;

const fetchImage = async (call: Partial<RestCall> = {}, name = 'site-a') => {
  const tls = clientTlsOptions(await world.enrol(name), { expect: { role: 'server' } });
  return callHttps(world.server.uplinkPort, tls, { path, ...call });
};

beforeAll(async () => {
  world = await createWorld();
  update = await orderFor(world, await world.client('site-a'));
});
afterAll(() => world.close());

describe('images at the uplink', () => {
  test('whole, with the digest as its entity tag', async () => {
    const answer = await fetchImage();
    expect(answer.status).toBe(200);
    expect(answer.bytes).toEqual(IMAGE);
    expect(answer.headers).toMatchObject({ etag: `"${sha256(IMAGE)}"`, 'accept-ranges': 'bytes' });
  });

  test('HEAD tells the length and sends nothing', async () => {
    const answer = await fetchImage({ method: 'HEAD' });
    expect(answer.headers['content-length']).toBe(String(IMAGE.length));
    expect(answer.bytes).toHaveLength(0);
  });

  test('in part', async () => {
    const answer = await fetchImage({ headers: { range: 'bytes=9-11', 'if-range': `"${sha256(IMAGE)}"` } });
    expect(answer.status).toBe(206);
    expect(answer.bytes.toString()).toBe('2.0');
    expect(answer.headers['content-range']).toBe(`bytes 9-11/${IMAGE.length}`);
  });

  test('whole, when If-Range names another image', async () => {
    const answer = await fetchImage({ headers: { range: 'bytes=9-11', 'if-range': '"other"' } });
    expect(answer.status).toBe(200);
  });

  test('a range beyond the end is not satisfiable', async () => {
    const answer = await fetchImage({ headers: { range: 'bytes=1000-' } });
    expect(answer.status).toBe(416);
    expect(answer.headers['content-range']).toBe(`bytes */${IMAGE.length}`);
  });

  test.each([
    ['another intermediary', {}, 'site-b', 404, 'image-missing'],
    ['an unknown digest', { path: `/images/${'0'.repeat(64)}` }, 'site-a', 404, 'image-missing'],
    ['a path that climbs', { path: '/images/../server.db' }, 'site-a', 404, 'image-missing'],
    ['an encoded path that climbs', { path: '/images/..%2fserver.db' }, 'site-a', 404, 'image-missing'],
    ['another method', { method: 'DELETE' }, 'site-a', 405, 'method-not-allowed'],
  ])('%s is refused', async (_case, call, name, status, code) => {
    const answer = await fetchImage(call, name);
    expect(answer.status).toBe(status);
    expect(answer.json['code']).toBe(code);
  });

  test('a device gets nothing here', async () => {
    const tls = clientTlsOptions(await world.enrol('printer-1', 'device'), { expect: { role: 'server' } });
    const answer = await callHttps(world.server.uplinkPort, tls, { path });
    expect([answer.status, answer.json['code']]).toEqual([403, 'not-authorised']);
  });

  test('not any more once the update has ended', async () => {
    const site = await world.client('site-a');
    await site.call('Poll', poll());
    await site.call('Poll', poll({ responses: { response: [verified(update)] } }));
    expect((await fetchImage()).status).toBe(404);
  });
});
