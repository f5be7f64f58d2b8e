import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { generateVendorKey } from '@postern/software-update';
import type { RestCall } from '../../support/rest-client.ts';
import { IMAGE, manifestOf, sha256, signed } from '../../support/software.ts';
import { until } from '../../support/until.ts';
import { addSoftware, createWorld, devices, order, poll, type World } from '../../support/world.ts';

let world: World;
let software: string;
let televisionSoftware: string;

beforeAll(async () => {
  world = await createWorld({ limits: { imageBytes: 1_000, jsonBodyBytes: 100_000 } });
  const site = await world.client('site-a');
  await site.call('Poll', poll({ devices: devices('printer-1', 'printer-2') }));
  software = await addSoftware(world);
  televisionSoftware = await addSoftware(world, manifestOf({ model: 'TV-1' }));
  await order(world, 'printer-1', software);
});
afterAll(() => world.close());

/** Everything that is stored. */
const stored = async () => ({
  updates: (await world.rest({ path: '/api/v1/updates' })).json['items'],
  software: (await world.rest({ path: '/api/v1/software' })).json['items'],
  devices: (await world.rest({ path: '/api/v1/devices' })).json['items'],
  images: (await readdir(join(world.directory, 'data', 'images'))).sort(),
});

const other = Buffer.from('another image');
const octets = { 'content-type': 'application/octet-stream' };
const json = { 'content-type': 'application/json' };
const put = (digest: string, body: Buffer | string, headers: Record<string, string> = octets): RestCall => ({
  method: 'PUT',
  path: `/api/v1/images/${digest}`,
  headers,
  body,
});
const post = (path: string, body: object | string, headers: Record<string, string> = {}): RestCall => ({
  method: 'POST',
  path: `/api/v1/${path}`,
  headers,
  body,
});
const manifest = (bytes: Buffer): RestCall => post('software', { signedManifest: bytes.toString('base64') });
const orderBody = (more: object = {}) => ({ deviceId: 'printer-2', software, ...more });
const without = (authorization: string): RestCall => ({
  ...post('updates', orderBody()),
  headers: { authorization },
});
const missing = manifestOf({}, Buffer.from('never uploaded'));
const wrongLength = manifestOf({
  components: [{ name: 'system', version: '3', length: 5, sha256: sha256(IMAGE), releaseCounter: 3 }],
});

describe('what is refused, with nothing stored', () => {
  test.each<[string, () => RestCall, number, string]>([
    ['no token', () => without(''), 401, 'token-required'],
    ['a wrong token', () => without(`Bearer ${'A'.repeat(43)}`), 401, 'token-required'],
    ['another scheme', () => without('Basic b3BlcmF0b3I6'), 401, 'token-required'],
    ['a token as query', () => ({ ...without(''), path: '/api/v1/updates?token=x' }), 401, 'token-required'],
    [
      'an image without token',
      () => put(sha256(other), other, { ...octets, authorization: '' }),
      401,
      'token-required',
    ],
    ['an unknown path', () => ({ path: '/api/v1/nothing' }), 404, 'not-found'],
    ['an unknown method', () => ({ method: 'DELETE', path: '/api/v1/software' }), 404, 'not-found'],
    ['malformed JSON', () => post('updates', '{"deviceId":', json), 400, 'json-malformed'],
    ['an empty body', () => post('updates', '', json), 400, 'json-malformed'],
    ['a prototype', () => post('updates', '{"__proto__":{"a":1}}', json), 400, 'json-malformed'],
    ['a list', () => post('updates', '[]', json), 400, 'request-invalid'],
    ['no body', () => ({ method: 'POST', path: '/api/v1/updates' }), 400, 'request-invalid'],
    [
      'a form',
      () => post('updates', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
      415,
      'content-type-unsupported',
    ],
    [
      'plain text',
      () => post('updates', 'a', { 'content-type': 'text/plain' }),
      415,
      'content-type-unsupported',
    ],
    [
      'a huge body',
      () => post('software', `{"signedManifest":"${'A'.repeat(200_000)}"}`, json),
      413,
      'body-too-large',
    ],
    ['an unknown field', () => post('updates', orderBody({ force: true })), 400, 'request-invalid'],
    ['a number for a name', () => post('updates', orderBody({ deviceId: 5 })), 400, 'request-invalid'],
    ['a name with a path', () => post('updates', orderBody({ deviceId: '../x' })), 400, 'request-invalid'],
    ['a deadline of 0', () => post('updates', orderBody({ deadlineSeconds: 0 })), 400, 'request-invalid'],
    [
      'a deadline beyond 31 days',
      () => post('updates', orderBody({ deadlineSeconds: 2_678_401 })),
      400,
      'request-invalid',
    ],
    ['a fraction', () => post('updates', orderBody({ deadlineSeconds: 1.5 })), 400, 'request-invalid'],
    [
      'a deadline as text',
      () => post('updates', orderBody({ deadlineSeconds: '60' })),
      400,
      'request-invalid',
    ],
    [
      'a bad Idempotency-Key',
      () => post('updates', orderBody(), { 'idempotency-key': 'a b' }),
      400,
      'request-invalid',
    ],
    ['an unknown device', () => post('updates', orderBody({ deviceId: 'nobody' })), 404, 'device-unknown'],
    ['unknown software', () => post('updates', orderBody({ software: 'sw-0' })), 404, 'software-unknown'],
    [
      'software for another model',
      () => post('updates', orderBody({ software: televisionSoftware })),
      422,
      'wrong-model',
    ],
    [
      'a second order',
      () => post('updates', orderBody({ deviceId: 'printer-1' })),
      409,
      'update-already-open',
    ],
    ['a page too long', () => ({ path: '/api/v1/devices?limit=100000' }), 400, 'request-invalid'],
    ['an unknown query', () => ({ path: '/api/v1/devices?page=2' }), 400, 'request-invalid'],
    ['an unknown update', () => ({ path: '/api/v1/updates/none' }), 404, 'update-unknown'],
    ['watching an unknown update', () => ({ path: '/api/v1/updates/none/events' }), 404, 'update-unknown'],
    ['cancelling an unknown update', () => post('updates/none/cancel', {}), 404, 'update-unknown'],
    ['an unknown device to read', () => ({ path: '/api/v1/devices/none' }), 404, 'device-unknown'],
    ['an image that is not here', () => ({ path: `/api/v1/images/${'0'.repeat(64)}` }), 404, 'image-missing'],
    ['a digest that climbs', () => put('..%2f..%2fserver.db', other), 400, 'digest-invalid'],
    ['a digest in capitals', () => put(sha256(other).toUpperCase(), other), 400, 'digest-invalid'],
    ['a short digest', () => put('abc', other), 400, 'digest-invalid'],
    ['an empty image', () => put(sha256(Buffer.of()), ''), 400, 'image-empty'],
    ['an image of another digest', () => put('0'.repeat(64), other), 422, 'digest-mismatch'],
    ['an image too long', () => put('0'.repeat(64), Buffer.alloc(1_001)), 413, 'body-too-large'],
    ['an image as JSON', () => put(sha256(other), '{}', json), 415, 'content-type-unsupported'],
    [
      'a manifest of an unknown key',
      () => manifest(signed(manifestOf(), generateVendorKey())),
      422,
      'manifest-signature-invalid',
    ],
    ['a manifest that is none', () => manifest(Buffer.from('{}')), 422, 'manifest-malformed'],
    ['a manifest without its image', () => manifest(signed(missing)), 404, 'image-missing'],
    ['a manifest with another length', () => manifest(signed(wrongLength)), 422, 'image-length-mismatch'],
    ['a manifest not in base64', () => post('software', { signedManifest: '***' }), 400, 'request-invalid'],
    [
      'a manifest with an extra field',
      () => post('software', { signedManifest: 'AAAA', trusted: true }),
      400,
      'request-invalid',
    ],
  ])('%s', async (_case, call, status, code) => {
    const before = await stored();
    const answer = await world.rest(call());
    expect([answer.status, answer.json['code']]).toEqual([status, code]);
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(answer.json['message']).toEqual(expect.stringMatching(/./));
    expect(answer.json['hint']).toEqual(expect.stringMatching(/./));
    if (status === 401) expect(answer.headers['www-authenticate']).toBe('Bearer realm="postern"');
    expect(await stored()).toEqual(before);
  });

  test('an image without a length', async () => {
    const answer = await world.rest({ ...put(sha256(other), other), chunked: true });
    expect([answer.status, answer.json['code']]).toEqual([411, 'length-required']);
    expect((await stored()).images).not.toContain(sha256(other));
  });

  test('an upload that breaks off', async () => {
    const images = join(world.directory, 'data', 'images');
    const partial = `${sha256(other)}.partial`;
    const headers = { ...octets, 'content-length': '1000', authorization: `Bearer ${await world.token()}` };
    const upload = await world.beginRest({ ...put(sha256(other), other), headers });
    await until('a begun upload', async () => (await readdir(images)).includes(partial));
    upload.destroy();
    await until('its end', async () => !(await readdir(images)).includes(partial));
    expect((await stored()).images).toEqual([sha256(IMAGE)]);
  });

  test('too many wrong tokens, while the right one still opens', async () => {
    const statuses = [];
    for (let i = 0; i < 12; i++) {
      statuses.push(
        (await world.rest({ path: '/api/v1/devices', headers: { authorization: 'Bearer x' } })).status,
      );
    }
    expect(statuses.at(-1)).toBe(429);
    expect((await world.rest({ path: '/api/v1/devices' })).status).toBe(200);
  });

  test('and no token reaches the log', async () => {
    expect(JSON.stringify(world.logger.lines)).not.toContain(await world.token());
  });
});
