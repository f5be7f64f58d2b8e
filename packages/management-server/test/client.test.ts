import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createOperatorClient, type OperatorClient } from '@postern/management-server/client';
import { IMAGE, manifestOf, sha256, signed } from './support/software.ts';
import { createWorld, devices, poll, verified, type World } from './support/world.ts';

let world: World;
let client: OperatorClient;

const connect = async (token: string) => {
  const { caPem } = await world.enrol('operator', 'operator');
  return createOperatorClient({ url: `https://127.0.0.1:${world.server.restPort}`, token, trust: { caPem } });
};

beforeEach(async () => {
  world = await createWorld();
  client = await connect(await world.token());
});
afterEach(async () => {
  await client.close();
  await world.close();
});

describe('the client of the REST interface', () => {
  test('brings software, orders, watches and reads an update', async () => {
    const site = await world.client('site-a');
    await site.call('Poll', poll({ devices: devices('printer-1') }));
    expect(await client.hasImage(sha256(IMAGE))).toBe(false);
    await client.putImage(sha256(IMAGE), IMAGE.length, Readable.from([IMAGE]));
    expect(await client.hasImage(sha256(IMAGE))).toBe(true);
    const software = await client.registerSoftware(signed(manifestOf()));
    expect(await client.listSoftware()).toMatchObject([{ id: software.id }]);
    expect(await client.listDevices()).toMatchObject([{ id: 'printer-1' }]);
    const { id } = await client.orderUpdate({ deviceId: 'printer-1', software: software.id });
    await site.call('Poll', poll());
    await site.call('Poll', poll({ responses: { response: [verified(id)] } }));
    const types = [];
    for await (const event of client.watch(id, new AbortController().signal)) types.push(event.type);
    expect(types).toEqual(['step', 'step', 'finished']);
    expect(await client.update(id)).toMatchObject({ state: 'verified', failure: null });
    expect(await client.journal(id)).toHaveLength(2);
    expect(await client.listUpdates()).toHaveLength(1);
  });

  test('gives refusals with code and hint', async () => {
    const refused = { code: 'update-unknown', hint: expect.stringMatching(/./) };
    await expect(client.cancel('none')).rejects.toMatchObject(refused);
    const stranger = await connect('wrong');
    await expect(stranger.listUpdates()).rejects.toMatchObject({ code: 'token-required' });
    await stranger.close();
  });
});
