import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Instant, Seconds } from '@postern/core';
import {
  addSoftware,
  createWorld,
  deviceChange,
  devices,
  journal,
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

const update = async (id: string) => (await world.rest({ path: `/api/v1/updates/${id}` })).json;

/** @spec R1 T5 */
describe('a server-originated request', () => {
  test('waits for the poll, goes down in its answer, and its response comes up with a later message', async () => {
    const site = await world.client('site-a');
    const id = await orderFor(world, site);
    expect((await update(id))['state']).toBe('ordered');
    const { requests } = await site.call('Poll', poll());
    expect(requests?.request).toMatchObject([
      {
        requestId: id,
        target: 'printer-1',
        expiresInSeconds: 86_400,
        body: { kind: 'UpdateSoftware', value: { deadlineSeconds: 86_400 } },
      },
    ]);
    expect((await update(id))['state']).toBe('sent');
    const answer = await site.call('Poll', poll({ responses: { response: [verified(id)] } }));
    expect(answer.acknowledged?.id).toEqual([id]);
    expect(await update(id)).toMatchObject({ state: 'verified', assurance: 'full', credential: 'erased' });
    const { json } = await world.rest({ path: `/api/v1/updates/${id}/journal` });
    expect(json['items']).toMatchObject([
      { sequence: 0, step: 'S101', title: 'update ordered' },
      { sequence: 1, step: 'S124', title: 'result reported' },
    ]);
  });

  test('wakes a held poll', async () => {
    const site = await world.client('site-a');
    await site.call('Poll', poll({ devices: devices('printer-1') }));
    const software = await addSoftware(world);
    const answer = site.call('Poll', poll({ holdSeconds: 30 }));
    await world.heldPoll();
    const { json } = await order(world, 'printer-1', software);
    expect((await answer).requests?.request[0]?.requestId).toBe(json['updateId']);
  });

  test('goes down again until it is acknowledged, and not after', async () => {
    const site = await world.client('site-a');
    const id = await orderFor(world, site);
    const ids = async (changes = {}) =>
      (await site.call('Poll', poll(changes))).requests?.request.map(({ requestId }) => requestId);
    expect(await ids()).toEqual([id]);
    expect(await ids({ sessionId: 'session-2' })).toEqual([id]);
    expect(await ids({ received: { id: [id] } })).toBeUndefined();
    expect(await ids()).toBeUndefined();
  });

  test('goes to the intermediary of its device only, and never beyond its capacity', async () => {
    const site = await world.client('site-a');
    const other = await world.client('site-b');
    const id = await orderFor(world, site);
    expect((await other.call('Poll', poll())).requests).toBeUndefined();
    expect((await site.call('Poll', poll({ capacity: 0 }))).requests).toBeUndefined();
    await site.call('Poll', poll({ devices: devices('printer-2') }));
    await order(world, 'printer-2', await addSoftware(world));
    const { requests } = await site.call('Poll', poll({ capacity: 1 }));
    expect(requests?.request.map(({ requestId }) => requestId)).toEqual([id]);
  });
});

/** @spec R1 */
describe('responses', () => {
  test('are stored once: the first wins, a duplicate is acknowledged', async () => {
    const site = await world.client('site-a');
    const id = await orderFor(world, site);
    await site.call('Poll', poll());
    const first = verified(id);
    const failure = { kind: 'Failure' as const, value: { code: 'device-unreachable', message: 'gone' } };
    const second = { requestId: id, at: Instant(0), body: failure };
    const answer = await site.call('Poll', poll({ responses: { response: [first, second] } }));
    expect(answer.acknowledged?.id).toEqual([id, id]);
    const again = await site.call('Poll', poll({ responses: { response: [second] } }));
    expect(again.acknowledged?.id).toEqual([id]);
    const counted = world.logger.lines.filter(({ message }) => message === 'Responses came again');
    expect(counted.map(({ fields }) => fields['total'])).toEqual([1, 2]);
    expect((await update(id))['state']).toBe('verified');
  });

  test('a failure ends the update with its code', async () => {
    const site = await world.client('site-a');
    const id = await orderFor(world, site);
    await site.call('Poll', poll());
    const body = { kind: 'Failure' as const, value: { code: 'device-unreachable', message: 'gone' } };
    await site.call('Poll', poll({ responses: { response: [{ requestId: id, at: Instant(0), body }] } }));
    expect(await update(id)).toMatchObject({ state: 'failed', failure: { code: 'device-unreachable' } });
  });

  test.each([
    ['a request of another intermediary', 'site-b', (id: string) => id],
    ['an unknown request', 'site-a', () => 'nobody-knows'],
  ])('to %s change nothing, and hold up nothing else of the poll', async (_case, name, requestOf) => {
    const site = await world.client('site-a');
    const caller = await world.client(name);
    const id = await orderFor(world, site);
    await site.call('Poll', poll());
    const response = verified(requestOf(id));
    const answer = await caller.call(
      'Poll',
      poll({ devices: devices('new-1'), responses: { response: [response, response] } }),
    );
    // It would only come again.
    expect(answer.acknowledged?.id).toEqual([response.requestId, response.requestId]);
    expect((await update(id))['state']).toBe('sent');
    expect((await world.rest({ path: '/api/v1/devices/new-1' })).status).toBe(200);
    const { json } = await world.rest({ path: '/api/v1/audit' });
    expect(json['items']).toEqual([
      { at: expect.any(String), code: 'request-foreign', caller: name, subject: response.requestId },
    ]);
  });

  test('to a request that was never sent change nothing', async () => {
    const site = await world.client('site-a');
    const id = await orderFor(world, site);
    await site.call('Poll', poll({ responses: { response: [verified(id)] }, capacity: 0 }));
    expect((await update(id))['state']).toBe('ordered');
    const { requests } = await site.call('Poll', poll());
    expect(requests?.request.map(({ requestId }) => requestId)).toEqual([id]);
  });

  test('of another kind than the request end it, and hold up nothing else of the poll', async () => {
    const site = await world.client('site-a');
    const id = await orderFor(world, site);
    await site.call('Poll', poll({ devices: devices('printer-1', 'printer-2') }));
    const { json } = await order(world, 'printer-2', await addSoftware(world));
    const other = String(json['updateId']);
    await site.call('Poll', poll());
    const wrong = {
      requestId: id,
      at: Instant(0),
      body: { kind: 'ActivateResponse' as const, value: {} },
    };
    const both = {
      devices: devices('printer-1', 'printer-2', 'new-1'),
      responses: { response: [wrong, verified(other)] },
    };
    const answer = await site.call('Poll', poll(both));
    expect(answer.acknowledged?.id).toEqual([id, other]);
    expect(await update(id)).toMatchObject({
      state: 'failed',
      failure: { code: 'response-unexpected', message: 'UpdateSoftware was answered by ActivateResponse' },
    });
    expect((await update(other))['state']).toBe('verified');
    expect((await world.rest({ path: '/api/v1/devices/new-1' })).status).toBe(200);
    const again = await site.call('Poll', poll({ responses: { response: [verified(id)] } }));
    expect(again.acknowledged?.id).toEqual([id]);
    expect((await update(id))['state']).toBe('failed');
  });
});

/** @spec R2 */
describe('delay notices', () => {
  test('tell phase, progress and steps; a repeated step changes nothing', async () => {
    const site = await world.client('site-a');
    const id = await orderFor(world, site);
    await site.call('Poll', poll());
    const notice = {
      requestId: id,
      phase: 'transferring',
      progress: { doneBytes: 5, totalBytes: 10, bytesPerSecond: 1 },
      journal: journal(['S101', 'S102']),
    };
    const answer = await site.call('Poll', poll({ delayNotices: { delayNotice: [notice, notice] } }));
    expect(answer.requests).toBeUndefined();
    expect(await update(id)).toMatchObject({
      state: 'running',
      phase: 'transferring',
      progress: { doneBytes: 5, totalBytes: 10, bytesPerSecond: 1 },
    });
    await site.call('Poll', poll({ responses: { response: [verified(id, ['S101', 'S102', 'S124'])] } }));
    const { json } = await world.rest({ path: `/api/v1/updates/${id}/journal` });
    expect((json['items'] as { step: string }[]).map(({ step }) => step)).toEqual(['S101', 'S102', 'S124']);
  });

  test('for a foreign request change nothing, and hold up nothing else of the poll', async () => {
    const site = await world.client('site-a');
    const other = await world.client('site-b');
    const id = await orderFor(world, site);
    await site.call('Poll', poll());
    const notice = { requestId: id, phase: 'transferring' };
    await other.call('Poll', poll({ delayNotices: { delayNotice: [notice] }, devices: devices('new-1') }));
    expect(await update(id)).toMatchObject({ state: 'sent', phase: null });
    expect((await world.rest({ path: '/api/v1/devices/new-1' })).status).toBe(200);
  });
});

describe('held polls', () => {
  test('end with nothing when the time is over, or a newer poll comes', async () => {
    const site = await world.client('site-a');
    await site.call('Poll', poll({ devices: devices('printer-1') }));
    const first = site.call('Poll', poll({ holdSeconds: 10 }));
    await world.heldPoll();
    const second = site.call('Poll', poll({ holdSeconds: 10 }));
    expect(await first).toEqual({ nextPollSeconds: 0, devicesRevision: 1 });
    await world.heldPoll();
    await world.clock.advance(Seconds(10));
    expect(await second).toEqual({ nextPollSeconds: 0, devicesRevision: 1 });
  });

  test('are held no longer than the configuration allows, and end when the server closes', async () => {
    const site = await world.client('site-a');
    await site.call('Poll', poll({ devices: devices('printer-1') }));
    const long = site.call('Poll', poll({ holdSeconds: 86_400 }));
    await world.heldPoll();
    await world.clock.advance(Seconds(60));
    expect((await long).requests).toBeUndefined();
    const rest = site.call('Poll', poll({ holdSeconds: 86_400 }));
    await world.heldPoll();
    await world.server.close();
    expect((await rest).requests).toBeUndefined();
  });
});

describe('when to poll again', () => {
  test('at once where polls are held, and after a pause where they are not', async () => {
    const site = await world.client('site-a');
    const bringing = poll({ devices: devices('printer-1'), holdSeconds: 30 });
    expect((await site.call('Poll', bringing)).nextPollSeconds).toBe(0);
    expect((await site.call('Poll', poll())).nextPollSeconds).toBe(30);
  });

  test('after a pause where no further poll can be held', async () => {
    await world.close();
    world = await createWorld({ limits: { heldPolls: 1 } });
    const first = await world.client('site-a');
    const second = await world.client('site-b');
    await first.call('Poll', poll({ devices: devices('printer-1') }));
    const held = first.call('Poll', poll({ holdSeconds: 30 }));
    await world.heldPoll();
    const refused = await second.call('Poll', poll({ holdSeconds: 30 }));
    expect(refused).toEqual({ nextPollSeconds: 30, devicesRevision: 0 });
    await world.clock.advance(Seconds(30));
    await held;
  });
});

describe('devices', () => {
  test('the answer tells which revision is stored', async () => {
    const site = await world.client('site-a');
    expect((await site.call('Poll', poll())).devicesRevision).toBe(0);
    await site.call(
      'Poll',
      poll({ devices: { revision: 7, complete: true, device: [deviceChange('printer-1')] } }),
    );
    expect((await site.call('Poll', poll())).devicesRevision).toBe(7);
  });

  test('a name belongs to who registered it first; the rest of the poll is taken', async () => {
    const site = await world.client('site-a');
    const other = await world.client('site-b');
    await site.call('Poll', poll({ devices: devices('printer-1') }));
    await other.call('Poll', poll({ devices: devices('printer-1', 'printer-2') }));
    const owner = async (id: string) =>
      (await world.rest({ path: `/api/v1/devices/${id}` })).json['intermediary'];
    expect(await owner('printer-1')).toBe('site-a');
    expect(await owner('printer-2')).toBe('site-b');
    const { json } = await world.rest({ path: '/api/v1/audit?limit=5' });
    expect(json['items']).toMatchObject([{ code: 'device-foreign', caller: 'site-b', subject: 'printer-1' }]);
  });

  /** @spec U21 */
  test('an intermediary may report itself, and no other one', async () => {
    const site = await world.client('site-a');
    const other = await world.client('site-b');
    await site.call('Poll', poll({ devices: devices('printer-1') }));
    await other.call('Poll', poll({ devices: devices('site-a', 'site-b') }));
    const status = async (id: string) => (await world.rest({ path: `/api/v1/devices/${id}` })).status;
    expect(await status('site-a')).toBe(404);
    expect(await status('site-b')).toBe(200);
    await site.call('Poll', poll({ devices: { ...devices('site-a'), revision: 2, complete: false } }));
    expect(await status('site-a')).toBe(200);
  });

  test('one that a complete list no longer names takes no orders', async () => {
    const site = await world.client('site-a');
    const software = await addSoftware(world);
    await site.call('Poll', poll({ devices: devices('printer-1', 'printer-2') }));
    await site.call(
      'Poll',
      poll({ devices: { revision: 3, complete: true, device: [deviceChange('printer-2')] } }),
    );
    expect((await order(world, 'printer-1', software)).json['code']).toBe('device-unknown');
    expect((await order(world, 'printer-2', software)).status).toBe(201);
  });
});

describe('who may call', () => {
  test.each(['device', 'operator', 'server'] as const)('a %s is refused with 403', async (role) => {
    const client = await world.client('someone', role);
    for (let i = 0; i < 2; i++) {
      await expect(client.call('Poll', poll())).rejects.toMatchObject({
        code: 'not-authorised',
        status: 403,
      });
    }
    const { json } = await world.rest({ path: '/api/v1/audit' });
    const record = { code: 'not-authorised', caller: `urn:postern:${role}:someone`, subject: 'Poll' };
    expect(json['items']).toEqual([{ ...record, at: new Date(world.clock.now()).toISOString() }]);
  });
});
