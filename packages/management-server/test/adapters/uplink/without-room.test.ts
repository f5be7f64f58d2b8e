import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { addSoftware, createWorld, devices, order, poll, type World } from '../../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld();
});
afterEach(() => world.close());

const cancel = (id: string) => world.rest({ method: 'POST', path: `/api/v1/updates/${id}/cancel` });

/** A site that has one update, has another one waiting here, and room for nothing. */
const fullSite = async () => {
  const site = await world.client('site-a');
  await site.call('Poll', poll({ devices: devices('printer-1', 'printer-2') }));
  const software = await addSoftware(world);
  const running = String((await order(world, 'printer-1', software)).json['updateId']);
  await site.call('Poll', poll());
  await site.call('Poll', poll({ received: { id: [running] } }));
  const waiting = String((await order(world, 'printer-2', software)).json['updateId']);
  return { site, running, waiting };
};

/** @spec R1 */
describe('an intermediary without room', () => {
  test('is sent a cancellation all the same, and wakes for it', async () => {
    const { site, running } = await fullSite();
    const held = site.call('Poll', poll({ holdSeconds: 30, capacity: 0 }));
    await world.heldPoll();
    await cancel(running);
    expect((await held).requests?.request.map(({ body }) => body)).toEqual([
      { kind: 'CancelUpdate', value: { requestId: running } },
    ]);
  });

  test('gets it again when it does not acknowledge it, but not over and over', async () => {
    const { site, running } = await fullSite();
    await cancel(running);
    const full = { holdSeconds: 30, capacity: 0 };
    expect((await site.call('Poll', poll(full))).requests?.request).toHaveLength(1);
    const second = site.call('Poll', poll(full));
    await world.heldPoll();
    await world.clock.advance(Seconds(30));
    expect((await second).requests?.request).toHaveLength(1);
  });

  test('gets nothing else; what waits goes down when there is room, the cancellation first', async () => {
    const { site, running, waiting } = await fullSite();
    expect((await site.call('Poll', poll({ capacity: 0 }))).requests).toBeUndefined();
    await cancel(running);
    const { requests } = await site.call('Poll', poll({ capacity: 1 }));
    expect(requests?.request.map(({ body }) => body.kind)).toEqual(['CancelUpdate', 'UpdateSoftware']);
    expect(requests?.request[1]?.requestId).toBe(waiting);
  });

  test('is not told to cancel what it may never have got', async () => {
    const site = await world.client('site-a');
    await site.call('Poll', poll({ devices: devices('printer-1') }));
    const { json } = await order(world, 'printer-1', await addSoftware(world));
    await site.call('Poll', poll());
    await cancel(String(json['updateId']));
    expect((await site.call('Poll', poll({ capacity: 0 }))).requests).toBeUndefined();
    const { requests } = await site.call('Poll', poll());
    expect(requests?.request.map(({ body }) => body.kind)).toEqual(['UpdateSoftware', 'CancelUpdate']);
  });
});
