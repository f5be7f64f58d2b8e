import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Minutes } from '@postern/core';
import { pinTimeKeys, verifyTime } from '@postern/software-update';
import { addSoftware, createWorld, deviceChange, order, poll, type World } from '../../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const nonce = 'ab'.repeat(16);
/** `clockless` asks for the time, `printer-1` has a clock. */
const register = async () => {
  const site = await world.client('site-a');
  const { information } = deviceChange('clockless');
  const device = [{ information: { ...information, freshnessNonce: nonce } }, deviceChange('printer-1')];
  await site.call('Poll', poll({ devices: { revision: 2, complete: true, device } }));
  return site;
};
const get = async (path: string) => (await world.rest({ path: `/api/v1/${path}` })).json;

/** @spec X1 */
describe('signed time', () => {
  test('goes with an order for a device without a clock, fresh each time the order goes down', async () => {
    const site = await register();
    const software = await addSoftware(world);
    await order(world, 'clockless', software);
    const { keyId, publicKeyPem } = (await get('time-key')) as { keyId: string; publicKeyPem: string };
    const timeKeys = pinTimeKeys([publicKeyPem]);
    expect([...timeKeys.keys()]).toEqual([keyId]);
    for (let round = 0; round < 2; round++) {
      await world.clock.advance(Minutes(10));
      const { requests } = await site.call('Poll', poll());
      const body = requests?.request[0]?.body;
      const signedTime = body?.kind === 'UpdateSoftware' ? body.value.signedTime : undefined;
      if (signedTime === undefined) throw new TypeError('no time came');
      expect(verifyTime(signedTime, timeKeys, { deviceId: 'clockless', nonce })).toBe(world.clock.now());
    }
  });

  test('is left out for a device with a clock', async () => {
    const site = await register();
    await order(world, 'printer-1', await addSoftware(world));
    const { requests } = await site.call('Poll', poll());
    expect(requests?.request[0]?.body.value).not.toHaveProperty('signedTime');
  });

  test('has a key that stays, for the server alone, and a public half for everybody', async () => {
    const key = await get('time-key');
    await world.restart();
    expect(await get('time-key')).toEqual(key);
    expect(await readFile(world.server.timeKeyFile, 'utf8')).toBe(key['publicKeyPem']);
    const data = join(world.directory, 'data');
    expect((await stat(join(data, 'time.key'))).mode & 0o777).toBe(0o600);
  });
});

test('devices show where they take what, and whether they have a clock', async () => {
  await register();
  expect(await get('devices/clockless')).toMatchObject({ freshnessNonce: nonce, plainPath: null });
  const site = await world.client('site-a');
  const { information } = deviceChange('printer-1');
  const more = {
    plainPath: { host: '10.0.0.7', port: 80 },
    securePath: { host: '10.0.0.7', port: 443 },
    authenticatedReports: true,
  };
  const changes = { revision: 3, complete: false, device: [{ information: { ...information, ...more } }] };
  await site.call('Poll', poll({ devices: changes }));
  expect(await get('devices/printer-1')).toMatchObject({ ...more, freshnessNonce: null, bulkPath: null });
});
