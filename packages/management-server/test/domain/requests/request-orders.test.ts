import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { uplink } from '@postern/contracts';
import { Instant, Minutes, Seconds } from '@postern/core';
import type { UpdateRecord } from '../../../src/domain/records.ts';
import type { RequestOrder } from '../../../src/domain/requests/request-orders.ts';
import { newRequest } from '../../../src/domain/requests.ts';
import { createInProcess, type InProcess } from '../../support/in-process.ts';
import { manifestOf, signed } from '../../support/software.ts';
import { deviceChange, devices } from '../../support/world.ts';

let server: InProcess;
beforeEach(async () => {
  server = await createInProcess({ openRequestsPerIntermediary: 20, requestsPerPoll: 4 });
  await server.poll('site-a', { devices: devices('printer-1', 'printer-2') });
});
afterEach(() => server.close());

const order = (changes: Partial<RequestOrder> = {}) =>
  server.domain.requestOrders.order({
    kind: 'GetCounters',
    targets: ['printer-1'],
    arguments: {},
    deadlineSeconds: 900,
    via: 'poll',
    ...changes,
  });
const requestsOf = (orderId: string) => server.stores.requests.page({ order: orderId, limit: 100 });
/** Orders something of one target. @returns the identifier of the request */
const ask = (changes: Partial<RequestOrder> = {}): string => requestsOf(order(changes).order.id)[0]?.id ?? '';
const find = (id: string) => server.domain.requestOrders.find(id);
const down = async (changes: Partial<uplink.Poll> = {}) =>
  (await server.poll('site-a', changes)).requests?.request ?? [];
const answer = (requestId: string, body: uplink.ResponseBody, at = Instant(1)) =>
  server.poll('site-a', { responses: { response: [{ requestId, at, body }] } });
const counters = (value: number): uplink.ResponseBody => ({
  kind: 'GetCountersResponse',
  value: { counters: { item: [{ name: 'copies', value }] } },
});
const failure = (code: string): uplink.ResponseBody => ({
  kind: 'Failure',
  value: { code, message: 'it would not' },
});

/** @spec R1 R5 */
describe('a request to a device', () => {
  test('goes down with the next poll, and its answer updates the counters of the device', async () => {
    const id = ask({ arguments: { names: ['copies'] } });
    expect(find(id).state).toBe('waiting');
    const value = { names: { name: ['copies'] } };
    const request = { requestId: id, target: 'printer-1', body: { kind: 'GetCounters', value } };
    expect(await down()).toMatchObject([{ ...request, expiresInSeconds: 900 }]);
    expect([find(id).state, server.steps]).toEqual(['sent', [`S602 ${id}`]]);
    const { acknowledged } = await answer(id, counters(7), Instant(server.clock.now() - 5));
    expect([acknowledged, find(id).state]).toEqual([{ id: [id] }, 'answered']);
    expect(server.stores.counters.find('printer-1')).toEqual([
      { name: 'copies', value: 7, at: server.clock.now() - 5 },
    ]);
  });

  test('wakes a held poll', async () => {
    const held = server.poll('site-a', { holdSeconds: 30 });
    await server.heldPoll();
    const id = ask();
    expect((await held).requests?.request.map(({ requestId }) => requestId)).toEqual([id]);
  });

  test('comes again until the site has acknowledged it, also after a restart of the server', async () => {
    const id = ask();
    await down();
    await server.restart();
    expect((await down()).map(({ requestId }) => requestId)).toEqual([id]);
    expect(await down({ received: { id: [id] } })).toEqual([]);
    await server.restart();
    expect([await down(), find(id).state]).toEqual([[], 'taken']);
  });

  test.each([
    ['device-busy', 'refused'],
    ['outcome-unknown', 'refused'],
    ['device-unreachable', 'unreachable'],
    ['deadline-exceeded', 'expired'],
  ])('that fails with %s is %s', async (code, state) => {
    const id = ask();
    await down();
    await answer(id, failure(code));
    expect(find(id)).toMatchObject({ state, answer: { value: { code } }, reason: undefined });
  });

  test('keeps its first answer', async () => {
    const id = ask();
    await down();
    await answer(id, counters(7));
    const again = await answer(id, failure('device-unreachable'));
    expect(again.acknowledged?.id).toEqual([id]);
    expect(find(id)).toMatchObject({ state: 'answered', answer: { kind: 'GetCountersResponse' } });
  });

  test('is refused when it is answered by anything else, which is noted', async () => {
    const id = ask();
    await down();
    const { acknowledged } = await answer(id, {
      kind: 'ConfirmAliveResponse',
      value: { startedAt: Instant(0), state: 'ready' },
    });
    expect(acknowledged?.id).toEqual([id]);
    expect(find(id)).toMatchObject({ state: 'refused', answer: { value: { code: 'response-unexpected' } } });
    const noted = { code: 'response-unexpected', caller: 'site-a', subject: id };
    expect(server.stores.audit.newest(10)).toEqual([{ ...noted, at: server.clock.now() }]);
    await answer(id, counters(7));
    expect(find(id).state).toBe('refused');
    expect(server.stores.counters.find('printer-1')).toEqual([]);
  });

  test('cannot be answered by another site, nor before it went down', async () => {
    const id = ask();
    await answer(id, counters(1));
    // The same poll has taken it down.
    expect(find(id)).toMatchObject({ state: 'sent', answered: false });
    const response = [{ requestId: id, at: Instant(0), body: counters(1) }];
    await server.poll('site-b', { responses: { response } });
    expect(find(id).state).toBe('sent');
    const noted = { at: server.clock.now(), code: 'request-foreign', subject: id };
    expect(server.stores.audit.newest(10)).toEqual([
      { ...noted, caller: 'site-b' },
      { ...noted, caller: 'site-a' },
    ]);
  });
});

/** @spec R1 */
test('large requests go down in as many exchanges as it takes, by their bytes as they are written', async () => {
  const item = Array.from({ length: 200 }, (_, index) => ({ name: `p${index}`, value: '&'.repeat(1_024) }));
  const ids = [1, 2, 3, 4].map(() => ask({ kind: 'SetParameters', arguments: { parameters: item } }));
  const rounds: number[] = [];
  for (let received: string[] = []; rounds.length < 4; ) {
    const requests = await down({ received: { id: received } });
    received = requests.map(({ requestId }) => requestId);
    rounds.push(received.length);
  }
  expect([ids.length, rounds]).toEqual([4, [2, 2, 0, 0]]);
});

/** @spec R2 */
test('a delay notice says that the site has it, and how far it is', async () => {
  const id = ask();
  await down();
  await server.poll('site-a', { delayNotices: { delayNotice: [{ requestId: id, phase: 'waking-device' }] } });
  expect(find(id)).toMatchObject({ state: 'taken', phase: 'waking-device' });
  expect(await down()).toEqual([]);
});

describe('its time', () => {
  test('one that nobody fetches expires at its deadline and goes down no more', async () => {
    const id = ask({ deadlineSeconds: 60 });
    await server.clock.advance(Seconds(60));
    expect(find(id)).toMatchObject({ state: 'expired', reason: 'deadline-exceeded', sent: false });
    expect(await down()).toEqual([]);
  });

  test('one that was fetched has a while longer; then its site is silent', async () => {
    const id = ask({ deadlineSeconds: 60 });
    await down();
    await server.clock.advance(Minutes(15));
    expect(find(id).state).toBe('sent');
    await server.clock.advance(Minutes(1));
    expect(find(id)).toMatchObject({ state: 'expired', reason: 'site-silent' });
    expect(await down()).toEqual([]);
  });

  test('an answer after the end is acknowledged and kept; the state stays', async () => {
    const id = ask({ deadlineSeconds: 60 });
    await down();
    await server.clock.advance(Minutes(20));
    const { endedAt } = find(id);
    expect((await answer(id, counters(9))).acknowledged?.id).toEqual([id]);
    expect(find(id)).toMatchObject({ state: 'expired', endedAt, answer: { kind: 'GetCountersResponse' } });
    expect(server.stores.counters.find('printer-1')).toMatchObject([{ value: 9 }]);
  });

  test('what expired while the server was away has expired when it is back', async () => {
    const id = ask({ deadlineSeconds: 60 });
    server.domain.close();
    await server.clock.advance(Minutes(2));
    await server.restart();
    expect(await down()).toEqual([]);
    expect(find(id).state).toBe('expired');
  });
});

describe('withdrawing', () => {
  test('what waits goes down no more', async () => {
    const id = ask();
    expect(server.domain.requestOrders.withdraw(id).state).toBe('withdrawn');
    expect(await down()).toEqual([]);
    expect(() => server.domain.requestOrders.withdraw(id)).toThrow(
      expect.objectContaining({ code: 'request-taken' }),
    );
  });

  test('what was on its way goes down no more; if it is answered all the same, that is kept', async () => {
    const id = ask();
    await down();
    server.domain.requestOrders.withdraw(id);
    expect(await down()).toEqual([]);
    await answer(id, counters(3));
    expect(find(id)).toMatchObject({ state: 'withdrawn', answered: true });
  });

  test('what the site has is not withdrawn', async () => {
    const id = ask();
    await down();
    await down({ received: { id: [id] } });
    expect(() => server.domain.requestOrders.withdraw(id)).toThrow(
      expect.objectContaining({ code: 'request-taken' }),
    );
    expect(find(id).state).toBe('taken');
  });
});

describe('the order in which requests go down', () => {
  const many = async () => {
    const names = Array.from({ length: 8 }, (_, index) => `meter-${index}`);
    await server.poll('site-a', { devices: devices(...names) });
    return order({ targets: names });
  };

  test('an order for many devices does not hold up a later one', async () => {
    await many();
    const single = ask({ kind: 'ConfirmAlive' });
    const first = await down();
    expect(first).toHaveLength(4);
    expect(first.map(({ requestId }) => requestId)).toContain(single);
  });

  test('nor an update', async () => {
    await many();
    const now = server.clock.now();
    const manifest = manifestOf();
    const software = {
      id: 'sw-1',
      payloadSha256: '0',
      manifest,
      signedManifest: signed(manifest),
      registeredAt: now,
    };
    server.stores.software.add(software);
    const update: UpdateRecord = {
      id: 'u-1',
      deviceId: 'printer-1',
      intermediary: 'site-a',
      orderedBy: 'server',
      softwareId: 'sw-1',
      policy: undefined,
      state: 'ordered',
      phase: undefined,
      orderedAt: now,
      deadline: now,
      finishedAt: undefined,
      cancelRequested: false,
      result: undefined,
    };
    server.stores.updates.add(update, undefined);
    const addressed = {
      id: 'u-1',
      intermediary: 'site-a',
      target: 'printer-1',
      orderedAt: now,
      expiresAt: now,
    };
    server.stores.requests.add(newRequest({ kind: 'UpdateSoftware', updateId: 'u-1' }, addressed));
    // Room for two: the first of the many, and the update.
    expect((await down({ capacity: 2 })).map(({ requestId }) => requestId)).toContain('u-1');
  });

  test('all of it goes down, as the site takes it', async () => {
    const { order: ordered } = await many();
    for (let received: string[] = [], round = 0; round < 3; round += 1) {
      received = (await down({ received: { id: received } })).map(({ requestId }) => requestId);
    }
    expect(requestsOf(ordered.id).every(({ sent }) => sent)).toBe(true);
    expect(server.domain.stores.orders.states(ordered.id)).toEqual(new Map([['taken', 8]]));
  });
});

describe('whom an order is for', () => {
  beforeEach(async () => {
    const released = { ...deviceChange('released-1'), active: false };
    const fridge = { ...deviceChange('fridge-1', 'FRIDGE'), route: { node: ['kitchen'] } };
    await server.poll('site-a', { devices: { revision: 9, complete: false, device: [released, fridge] } });
    await server.poll('site-b', { devices: devices('meter-1') });
  });

  test.each<[string, RequestOrder['targets'], string[]]>([
    ['several sites', ['printer-1', 'meter-1'], ['meter-1', 'printer-1']],
    [
      'all devices of a site, but for released ones',
      { intermediary: 'site-a' },
      ['fridge-1', 'printer-1', 'printer-2'],
    ],
    ['all below an intermediary further down', { intermediary: 'kitchen' }, ['fridge-1']],
    ['a model', { model: 'FRIDGE' }, ['fridge-1']],
    ['a model at a site', { model: 'MFP-1', intermediary: 'site-b' }, ['meter-1']],
  ])('%s', (_, targets, names) => {
    const { id, targets: count } = order({ targets }).order;
    expect(
      requestsOf(id)
        .map(({ target }) => target)
        .sort(),
    ).toEqual(names);
    expect(count).toBe(names.length);
  });

  test('an intermediary itself', async () => {
    const id = ask({
      kind: 'SetPolling',
      targets: ['site-a'],
      arguments: { intervalSeconds: 60, holdSeconds: 30 },
    });
    expect(await down()).toMatchObject([{ requestId: id, target: 'site-a', body: { kind: 'SetPolling' } }]);
    expect(find(ask({ kind: 'CollectLogs', targets: ['site-b'] })).intermediary).toBe('site-b');
  });

  test('a released device can be adopted', async () => {
    const id = ask({ kind: 'Activate', targets: ['released-1'], arguments: { active: true } });
    expect((await down()).map(({ requestId }) => requestId)).toEqual([id]);
  });

  test.each<[Partial<RequestOrder>, string]>([
    [{ targets: ['printer-1', 'printer-9'] }, 'device-unknown'],
    [{ targets: ['printer-1', 'printer-1'] }, 'request-invalid'],
    [{ targets: ['released-1'] }, 'device-not-active'],
    [{ kind: 'GetApplications', targets: ['site-a'] }, 'target-unsuitable'],
    [{ targets: { model: 'FAX' } }, 'selection-empty'],
    [{ kind: 'GetConnections', targets: ['printer-1'] }, 'target-unsuitable'],
    [{ kind: 'GetConnections', targets: ['site-c'] }, 'intermediary-unknown'],
    [{ kind: 'GetConnections', targets: { intermediary: 'site-a' } }, 'target-unsuitable'],
    [{ arguments: { requestId: 'r-1' } }, 'request-invalid'],
    [{ kind: 'SetParameters', arguments: {} }, 'request-invalid'],
  ])('%j is refused with %s, and nothing is stored', (changes, code) => {
    const before = server.stores.requests.page({ limit: 100 });
    expect(() => order(changes)).toThrow(expect.objectContaining({ code }));
    expect(server.stores.requests.page({ limit: 100 })).toEqual(before);
    expect(server.stores.database.sqlite.prepare('SELECT count(*) AS n FROM request_order').get()).toEqual({
      n: 0,
    });
  });

  test('a site has a limit; an order that would go beyond it is refused as a whole', async () => {
    for (let index = 0; index < 9; index += 1) order({ targets: ['printer-1', 'printer-2'] });
    expect(() => order({ targets: ['meter-1', 'printer-1', 'printer-2', 'fridge-1'] })).toThrow(
      expect.objectContaining({ code: 'too-many-requests' }),
    );
    expect(server.stores.requests.countOpen('site-b')).toBe(0);
    order({ targets: ['printer-1', 'printer-2'] });
  });
});

test('an order repeated under its key is the first one; another one is refused', () => {
  const first = order({ idempotencyKey: 'k-1' });
  const second = order({ idempotencyKey: 'k-1' });
  expect([first.created, second.created, second.order]).toEqual([true, false, first.order]);
  expect(requestsOf(first.order.id)).toHaveLength(1);
  expect(() => order({ idempotencyKey: 'k-1', deadlineSeconds: 901 })).toThrow(
    expect.objectContaining({ code: 'idempotency-key-reused' }),
  );
});

test('ended requests are kept up to a limit, and an order as long as one of its requests is', () => {
  const ids = [ask(), ask({ kind: 'ConfirmAlive' }), ask()];
  const orders = ids.map((id) => find(id)).map((request) => ('orderId' in request ? request.orderId : ''));
  for (const id of ids.slice(0, 2)) server.domain.requestOrders.withdraw(id);
  server.stores.requests.prune(1);
  server.stores.orders.prune();
  expect(ids.map((id) => server.stores.requests.find(id)?.state)).toEqual([
    undefined,
    'withdrawn',
    'waiting',
  ]);
  expect(orders.map((id) => server.stores.orders.find(id)?.id)).toEqual([undefined, ...orders.slice(1)]);
});

test('an idle poll reads and writes nothing, whatever was ordered for others', async () => {
  order();
  await down();
  const written = () => server.stores.database.sqlite.prepare('SELECT total_changes() AS n').get();
  const before = written();
  for (let index = 0; index < 20; index += 1) await server.poll('site-b');
  expect(written()).toEqual(before);
});

/** @spec I1 I3 */
describe('a device that a site has found and nobody reports', () => {
  const adopt = (changes: Partial<RequestOrder> = {}) =>
    order({ kind: 'Activate', targets: ['found-1'], at: 'site-a', arguments: { active: true }, ...changes });

  test('is adopted at that site: the request goes down there', async () => {
    const [request] = requestsOf(adopt().order.id);
    expect(await down()).toMatchObject([
      { requestId: request?.id, target: 'found-1', body: { kind: 'Activate', value: { active: true } } },
    ]);
    await answer(request?.id ?? '', { kind: 'ActivateResponse', value: {} });
    expect(find(request?.id ?? '').state).toBe('answered');
  });

  /** The list that says of whom there is below `site-a`. */
  const tell = (...names: string[]) =>
    server.poll('site-a', {
      devices: {
        revision: 9,
        complete: false,
        device: [],
        intermediaries: { intermediary: names.map((name) => ({ name, route: { node: ['middle', name] } })) },
      },
    });
  const routes = async () => (await down()).map(({ route }) => route?.node);

  /** @spec T2 */
  test('below others it goes the way to that site, also one that is reported elsewhere', async () => {
    await tell('leaf');
    adopt({ at: 'leaf', targets: ['found-1', 'printer-1'] });
    await server.restart();
    expect(await routes()).toEqual([
      ['middle', 'leaf'],
      ['middle', 'leaf'],
    ]);
  });

  /** @spec T2 */
  test('stays with its site when that is no longer below it, and when the device is reported by another one', async () => {
    await tell('leaf');
    adopt({ at: 'leaf' });
    await tell();
    await server.poll('site-b', { devices: devices('found-1') });
    expect(await routes()).toEqual([['leaf']]);
  });

  test.each([
    [{ at: undefined }, 'device-unknown'],
    [{ at: 'site-z' }, 'intermediary-unknown'],
    [{ at: 'printer-1' }, 'intermediary-unknown'],
    [{ targets: ['site-a'] }, 'target-unsuitable'],
    [{ targets: ['found-1', 'found-1'] }, 'request-invalid'],
    [{ targets: { intermediary: 'site-a' } }, 'request-invalid'],
    [{ kind: 'GetCounters', arguments: {} }, 'request-invalid'],
  ] as const)('%j is refused with %s, and nothing is ordered', (changes, code) => {
    expect(() => adopt(changes)).toThrow(expect.objectContaining({ code }));
    expect(server.stores.requests.page({ limit: 100 })).toEqual([]);
  });

  test('the same key at another site is another order', () => {
    const { order: first } = adopt({ idempotencyKey: 'key-1' });
    expect(adopt({ idempotencyKey: 'key-1' })).toMatchObject({ created: false, order: { id: first.id } });
    const other = () => adopt({ idempotencyKey: 'key-1', targets: ['printer-1'], at: undefined });
    expect(other).toThrow(expect.objectContaining({ code: 'idempotency-key-reused' }));
  });
});
