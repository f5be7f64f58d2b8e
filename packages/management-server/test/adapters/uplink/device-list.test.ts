import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createWorld, devices, poll, type World } from '../../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

/** @spec X6 */
describe('a server that lost its database', () => {
  test('asks a site at once for its devices, which are back without any of them calling', async () => {
    const before = await world.client('site-a');
    await before.call('Poll', poll({ devices: devices('printer-1') }));
    await world.server.close();
    const database = join(world.directory, 'data', 'server.db');
    for (const end of ['', '-wal', '-shm']) await rm(`${database}${end}`, { force: true });
    await world.restart();
    const site = await world.client('site-a');
    const first = await site.call('Poll', poll({ holdSeconds: 30 }));
    expect(first).toEqual({ nextPollSeconds: 0, devicesRevision: 0 });
    await site.call('Poll', poll({ devices: { ...devices('printer-1'), revision: 9, complete: true } }));
    const { json } = await world.rest({ path: '/api/v1/devices/printer-1' });
    expect(json).toMatchObject({ intermediary: 'site-a', present: true });
  });

  test('asks once a session: a site without devices is held from then on', async () => {
    const site = await world.client('site-a');
    await site.call('Poll', poll({ holdSeconds: 30 }));
    const second = site.call('Poll', poll({ holdSeconds: 30 }));
    await world.heldPoll();
    const third = await site.call('Poll', poll({ holdSeconds: 30, sessionId: 'session-2' }));
    expect(third.devicesRevision).toBe(0);
    await second;
  });
});
