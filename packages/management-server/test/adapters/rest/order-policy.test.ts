import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { addSoftware, createWorld, devices, order, poll, verified, type World } from '../../support/world.ts';

let world: World;
let software: string;
beforeEach(async () => {
  world = await createWorld();
  const site = await world.client('site-a');
  await site.call('Poll', poll({ devices: devices('printer-1', 'printer-2') }));
  software = await addSoftware(world);
});
afterEach(() => world.close());

const policy = {
  transferTries: 5,
  restartTimeoutSeconds: 90,
  passwordGenerator: 'target',
  eraser: 'target',
  invalidation: 'request',
  bulkPathKind: 'sftp',
};

/** @spec U11 U12 U15 U18 */
describe('the policy of an order', () => {
  test('goes down with it, and is shown', async () => {
    const { status, json } = await order(world, 'printer-1', software, { policy });
    expect([status, json['policy']]).toEqual([201, policy]);
    const { requests } = await (await world.client('site-a')).call('Poll', poll());
    expect(requests?.request).toMatchObject([{ body: { kind: 'UpdateSoftware', value: { policy } } }]);
    await world.restart();
    const again = await (await world.client('site-a')).call('Poll', poll());
    expect(again.requests?.request).toMatchObject([{ body: { value: { policy } } }]);
  });

  test.each([{}, { policy: {} }])('is absent where the order has none: %j', async (none) => {
    const { json } = await order(world, 'printer-1', software, none);
    expect(json).toMatchObject({ policy: {}, orderedBy: 'server' });
    const { requests } = await (await world.client('site-a')).call('Poll', poll());
    expect(requests?.request[0]?.body.value).not.toHaveProperty('policy');
  });

  test.each([
    ['an unknown field', { tls: 'device-authenticated' }],
    ['an unknown choice', { eraser: 'nobody' }],
    ['no tries', { transferTries: 0 }],
    ['more tries than the contract carries', { transferTries: 256 }],
    ['a null', { eraser: null }],
  ])('with %s is refused', async (_case, wrong) => {
    const { status, json } = await order(world, 'printer-1', software, { policy: wrong });
    expect([status, json['code']]).toEqual([400, 'request-invalid']);
    expect(json['message']).toMatch(/policy/);
  });

  test('belongs to what an Idempotency-Key stands for', async () => {
    const post = (changes: object) =>
      world.rest({
        method: 'POST',
        path: '/api/v1/updates',
        headers: { 'idempotency-key': 'key-1' },
        body: { deviceId: 'printer-1', software, ...changes },
      });
    expect((await post({ policy })).status).toBe(201);
    expect((await post({ policy: { ...policy } })).status).toBe(200);
    expect((await post({ policy: { ...policy, eraser: 'updater' } })).status).toBe(422);
    expect((await post({})).status).toBe(422);
  });
});

/** @spec A3 */
test('the result of an order says what it did without', async () => {
  const { json } = await order(world, 'printer-1', software);
  const id = String(json['updateId']);
  const site = await world.client('site-a');
  await site.call('Poll', poll());
  const { body, ...response } = verified(id);
  if (body.kind !== 'UpdateSoftwareResponse') throw new TypeError('another kind');
  const gaps = { gap: ['updater-unauthenticated' as const] };
  const value = { ...body.value, assurance: 'partial' as const, gaps, orderedBy: 'server' as const };
  await site.call('Poll', poll({ responses: { response: [{ ...response, body: { ...body, value } }] } }));
  const shown = (await world.rest({ path: `/api/v1/updates/${id}` })).json;
  expect(shown).toMatchObject({
    assurance: 'partial',
    gaps: [{ gap: 'updater-unauthenticated', meaning: expect.stringMatching(/./) }],
    software: 'mfp-firmware',
  });
});
