import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Seconds, systemEntropy } from '@postern/core';
import { startManagementServer } from '@postern/management-server';
import {
  addSoftware,
  createWorld,
  journal,
  order,
  orderFor,
  poll,
  verified,
  type World,
} from './support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const update = async (id: string) => (await world.rest({ path: `/api/v1/updates/${id}` })).json;

/** @spec R1 R2 */
describe('a restart of the server', () => {
  test('between all messages keeps everything', async () => {
    const id = await orderFor(world, await world.client('site-a'));
    const token = await world.token();
    await world.restart();
    expect(await world.token()).toBe(token);
    expect((await update(id))['state']).toBe('ordered');
    const sent = await (await world.client('site-a')).call('Poll', poll());
    expect(sent.requests?.request[0]?.requestId).toBe(id);
    expect(sent.devicesRevision).toBe(1);
    await world.restart();
    const again = await (await world.client('site-a')).call('Poll', poll());
    expect(again.requests?.request[0]?.requestId).toBe(id);
    const notice = { requestId: id, phase: 'checking', journal: journal(['S101']) };
    await (await world.client('site-a')).call('Poll', poll({ delayNotices: { delayNotice: [notice] } }));
    await world.restart();
    expect(await update(id)).toMatchObject({ state: 'running', phase: 'checking' });
    const response = verified(id);
    await (await world.client('site-a')).call('Poll', poll({ responses: { response: [response] } }));
    await world.restart();
    const repeated = await (await world.client('site-a')).call(
      'Poll',
      poll({ responses: { response: [response] } }),
    );
    expect(repeated.acknowledged?.id).toEqual([id]);
    expect((await update(id))['state']).toBe('verified');
  });

  test('an update that expires meanwhile is over', async () => {
    const site = await world.client('site-a');
    const first = await orderFor(world, site);
    await world.rest({ method: 'POST', path: `/api/v1/updates/${first}/cancel` });
    const { json } = await order(world, 'printer-1', await addSoftware(world), { deadlineSeconds: 10 });
    const id = String(json['updateId']);
    await world.server.close();
    await world.clock.advance(Seconds(11));
    await world.restart();
    expect((await update(id))['state']).toBe('expired');
    expect((await (await world.client('site-a')).call('Poll', poll())).requests).toBeUndefined();
  });
});

describe('a data directory', () => {
  test('is for one server and its user alone', async () => {
    const data = join(world.directory, 'data');
    const second = startManagementServer(
      {
        dataDir: data,
        identityDir: join(world.directory, 'server-server'),
        uplink: { port: 0 },
        rest: { port: 0 },
      },
      { clock: world.clock, entropy: systemEntropy, logger: world.logger },
    );
    await expect(second).rejects.toMatchObject({ code: 'directory-in-use' });
    const mode = async (path: string) => (await stat(path)).mode & 0o777;
    expect(await mode(data)).toBe(0o700);
    expect(await mode(world.server.operatorTokenFile)).toBe(0o600);
  });
});
