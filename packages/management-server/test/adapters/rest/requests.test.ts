import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { UplinkOperations, uplink } from '@postern/contracts';
import { Instant, Seconds } from '@postern/core';
import type { SoapClient } from '@postern/soap-rpc';
import { until } from '../../support/until.ts';
import { createWorld, devices, poll, type World } from '../../support/world.ts';

let world: World;
let site: SoapClient<UplinkOperations>;
beforeAll(async () => {
  world = await createWorld({ limits: { waitingReads: 1, openRequestsPerIntermediary: 60 } });
  site = await world.client('site-a');
  await site.call('Poll', poll({ devices: devices('printer-1', 'printer-2', 'printer-3') }));
});
afterAll(() => world.close());

const post = (body: object | string, headers: Readonly<Record<string, string>> = {}) =>
  world.rest({ method: 'POST', path: '/api/v1/requests', body, headers });
const get = async (path: string) => (await world.rest({ path: `/api/v1/${path}` })).json;
const requestsOf = async (order: unknown, more = '') =>
  (await get(`requests?order=${order}${more}`))['items'] as Record<string, unknown>[];
/** Orders something of one target. @returns the identifiers of order and request */
const ask = async (kind: string, given: object = {}, target = 'printer-1') => {
  const { json } = await post({ kind, targets: [target], arguments: given });
  const [request] = await requestsOf(json['id']);
  return { order: String(json['id']), id: String(request?.['id']) };
};
const down = async () => (await site.call('Poll', poll({ capacity: 60 }))).requests?.request ?? [];
const answer = (requestId: string, body: uplink.ResponseBody) =>
  site.call('Poll', poll({ responses: { response: [{ requestId, at: Instant(0), body }] } }));

/** @spec R1 R5 I1 I2 */
describe('ordering and reading', () => {
  test('an order has a request for each target, and both show what became of them', async () => {
    const ordered = await post({
      kind: 'GetCounters',
      targets: ['printer-1', 'printer-2'],
      arguments: { names: ['copies'] },
      deadlineSeconds: 60,
    });
    const id = String(ordered.json['id']);
    expect([ordered.status, ordered.headers['location']]).toEqual([201, `/api/v1/orders/${id}`]);
    expect(ordered.json).toMatchObject({
      kind: 'GetCounters',
      arguments: { names: ['copies'] },
      via: 'poll',
      targets: 2,
      states: { waiting: 2, answered: 0 },
      ended: false,
    });
    const [second, first] = await requestsOf(id);
    expect([first, second]).toMatchObject([
      { target: 'printer-1', intermediary: 'site-a', order: id, state: 'waiting', answer: null },
      { target: 'printer-2', endedAt: null, failure: null, softwareId: null },
    ]);
    await down();
    const counters = { item: [{ name: 'copies', value: 12 }] };
    await answer(String(first?.['id']), { kind: 'GetCountersResponse', value: { counters } });
    await answer(String(second?.['id']), {
      kind: 'Failure',
      value: { code: 'device-unreachable', message: 'off' },
    });
    expect(await get(`orders/${id}`)).toMatchObject({ states: { answered: 1, unreachable: 1 }, ended: true });
    expect(await get(`requests/${first?.['id']}`)).toMatchObject({
      state: 'answered',
      answer: { counters: [{ name: 'copies', value: 12 }] },
      answeredAt: new Date(world.clock.now()).toISOString(),
    });
    expect(await get(`requests/${second?.['id']}`)).toMatchObject({
      state: 'unreachable',
      answer: null,
      failure: { code: 'device-unreachable' },
    });
    expect((await get('devices/printer-1'))['counters']).toMatchObject([{ name: 'copies', value: 12 }]);
  });

  test('where it is to be done is shown as it was ordered, also for a device that nobody has reported', async () => {
    const { json } = await post({
      kind: 'Activate',
      targets: ['found-9'],
      at: 'site-a',
      arguments: { active: true },
    });
    expect(await requestsOf(json['id'])).toMatchObject([{ target: 'found-9', at: 'site-a' }]);
    const { id } = await ask('ConfirmAlive');
    expect(await get(`requests/${id}`)).toMatchObject({ target: 'printer-1', at: null });
  });

  test('bytes travel as base64 and times as ISO 8601, both ways', async () => {
    const content = Buffer.from('a report');
    const { id } = await ask('ReadFile', { name: 'report.txt' });
    await down();
    const file = { name: 'report.txt', length: 8, sha256: '0'.repeat(64), modifiedAt: Instant(0) };
    await answer(id, { kind: 'ReadFileResponse', value: { file, content } });
    expect((await get(`requests/${id}`))['answer']).toEqual({
      file: { ...file, modifiedAt: '1970-01-01T00:00:00.000Z' },
      content: content.toString('base64'),
    });
    await ask('CollectLogs', { since: '2026-01-01T01:00:00+01:00' });
    const { body } = (await down()).at(-1) ?? {};
    expect(body).toMatchObject({ kind: 'CollectLogs', value: { since: Date.UTC(2026, 0, 1) } });
  });

  test('a list leaves long answers out, and says so', async () => {
    const { id, order } = await ask('ExecuteCommand', { command: 'status' });
    await down();
    await answer(id, { kind: 'ExecuteCommandResponse', value: { output: 'x'.repeat(5_000) } });
    expect(await requestsOf(order)).toMatchObject([{ state: 'answered', answer: null, answerLeftOut: true }]);
    expect(await get(`requests/${id}`)).toMatchObject({
      answer: { output: expect.stringMatching(/^x{5000}$/) },
      answerLeftOut: false,
    });
  });

  test('lists are chosen by order, target, kind and state, page by page', async () => {
    const { json } = await post({ kind: 'ConfirmAlive', selector: { model: 'MFP-1' } });
    const order = String(json['id']);
    expect(await requestsOf(order, '&target=printer-2')).toMatchObject([{ target: 'printer-2' }]);
    expect(await requestsOf(order, '&state=answered')).toEqual([]);
    expect(await requestsOf(order, '&kind=GetCounters')).toEqual([]);
    expect(await requestsOf(order, '&intermediary=site-a&state=waiting')).toHaveLength(3);
    const page = await get(`requests?order=${order}&limit=2`);
    expect(page['next']).not.toBeNull();
    expect(await requestsOf(order, `&limit=2&after=${page['next']}`)).toMatchObject([
      { target: 'printer-1' },
    ]);
  });

  test('an order that is repeated under its key is the first one', async () => {
    const body = { kind: 'ConfirmAlive', targets: ['printer-1'] };
    const first = await post(body, { 'idempotency-key': 'once' });
    const second = await post(body, { 'idempotency-key': 'once' });
    expect([first.status, second.status, second.json['id']]).toEqual([201, 200, first.json['id']]);
    const other = await post({ ...body, kind: 'ListFiles' }, { 'idempotency-key': 'once' });
    expect([other.status, other.json['code']]).toEqual([422, 'idempotency-key-reused']);
  });

  test('a request is withdrawn once', async () => {
    const { id } = await ask('ListFiles');
    const withdraw = () => world.rest({ method: 'POST', path: `/api/v1/requests/${id}/withdraw` });
    expect((await withdraw()).json).toMatchObject({ id, state: 'withdrawn' });
    const again = await withdraw();
    expect([again.status, again.json['code']]).toEqual([409, 'request-taken']);
  });
});

/** @spec R1 */
describe('waiting', () => {
  /** Begins a read that waits, and goes on when it does. */
  const begin = async (path: string) => {
    const before = world.clock.pending;
    const waiting = get(`${path}?wait=50`);
    await until('a waiting read', () => world.clock.pending > before);
    return { waiting };
  };
  const alive = (id: string) =>
    answer(id, { kind: 'ConfirmAliveResponse', value: { startedAt: Instant(0), state: 'ready' } });

  test('ends with the end of the request', async () => {
    const { id } = await ask('ConfirmAlive');
    await down();
    const { waiting } = await begin(`requests/${id}`);
    await alive(id);
    expect(await waiting).toMatchObject({ state: 'answered' });
  });

  test('ends with the end of the last request of an order', async () => {
    const { json } = await post({ kind: 'ConfirmAlive', targets: ['printer-1', 'printer-2'] });
    await down();
    const { waiting } = await begin(`orders/${json['id']}`);
    for (const { id } of await requestsOf(json['id'])) await alive(String(id));
    expect(await waiting).toMatchObject({ ended: true, states: { answered: 2 } });
  });

  test('ends after the time that was asked for, and has a limit for all callers', async () => {
    const { id, order } = await ask('ConfirmAlive');
    const { waiting } = await begin(`requests/${id}`);
    const second = await world.rest({ path: `/api/v1/orders/${order}?wait=5` });
    expect([second.status, second.json['code']]).toEqual([503, 'too-many-watchers']);
    await world.clock.advance(Seconds(50));
    expect(await waiting).toMatchObject({ state: 'waiting' });
  });

  test('a caller that goes away gives its place up', async () => {
    const { id } = await ask('ConfirmAlive');
    const before = world.clock.pending;
    const headers = { authorization: `Bearer ${await world.token()}` };
    const call = await world.beginRest({ path: `/api/v1/requests/${id}?wait=50`, headers });
    call.end();
    await until('a waiting read', () => world.clock.pending > before);
    call.destroy();
    await until('the end of the wait', () => world.clock.pending === before);
    const { waiting } = await begin(`requests/${id}`);
    await down();
    await alive(id);
    expect(await waiting).toMatchObject({ state: 'answered' });
  });
});

describe('refused input', () => {
  const good = { kind: 'GetCounters', targets: ['printer-1'] };

  test.each<[string, object | string, number, string, string]>([
    ['no kind', { targets: ['printer-1'] }, 400, 'request-invalid', 'kind'],
    ['an unknown kind', { ...good, kind: 'Explode' }, 400, 'request-invalid', 'none of GetDeviceInformation'],
    ['a name of the prototype', { ...good, kind: 'toString' }, 400, 'request-invalid', 'kind'],
    ['an update', { ...good, kind: 'UpdateSoftware' }, 400, 'request-invalid', 'kind'],
    ['no targets', { kind: 'GetCounters' }, 400, 'request-invalid', 'either targets or a selector'],
    ['an empty list', { ...good, targets: [] }, 400, 'request-invalid', 'targets'],
    ['both', { ...good, selector: { model: 'MFP-1' } }, 400, 'request-invalid', 'either'],
    ['a selector of nothing', { kind: 'GetCounters', selector: {} }, 400, 'request-invalid', 'selector'],
    [
      'a selector of something else',
      { kind: 'GetCounters', selector: { colour: 'red' } },
      400,
      'request-invalid',
      'colour',
    ],
    [
      'too many targets',
      { ...good, targets: Array.from({ length: 1_001 }, (_, i) => `d-${i}`) },
      400,
      'request-invalid',
      'targets',
    ],
    ['a target that is no name', { ...good, targets: ['../x'] }, 400, 'request-invalid', 'targets.0'],
    ['one target twice', { ...good, targets: ['printer-1', 'printer-1'] }, 400, 'request-invalid', 'twice'],
    ['an unknown device', { ...good, targets: ['printer-9'] }, 404, 'device-unknown', 'printer-9'],
    [
      'an unknown intermediary',
      { kind: 'GetConnections', targets: ['site-z'] },
      404,
      'intermediary-unknown',
      'site-z',
    ],
    [
      'a device where an intermediary belongs',
      { kind: 'GetConnections', targets: ['printer-1'] },
      422,
      'target-unsuitable',
      'printer-1',
    ],
    [
      'an intermediary where a device belongs',
      { kind: 'GetApplications', targets: ['site-a'] },
      422,
      'target-unsuitable',
      'site-a',
    ],
    ['a selection of none', { kind: 'GetCounters', selector: { model: 'FAX' } }, 422, 'selection-empty', ''],
    ['an unknown argument', { ...good, arguments: { nmaes: [] } }, 400, 'request-invalid', 'unknown: nmaes'],
    [
      'arguments that are no object',
      { ...good, arguments: 7 },
      400,
      'request-invalid',
      'GetCounters: not an object',
    ],
    [
      'a missing argument',
      { ...good, kind: 'ExecuteCommand' },
      400,
      'request-invalid',
      'ExecuteCommand/command',
    ],
    [
      'a value that is too long',
      {
        ...good,
        kind: 'SetParameters',
        arguments: { parameters: [{ name: 'a', value: 'x'.repeat(1_025) }] },
      },
      400,
      'request-invalid',
      '1024',
    ],
    [
      'the requestId',
      { ...good, kind: 'DeleteFile', arguments: { name: 'a', requestId: 'r' } },
      400,
      'request-invalid',
      'requestId',
    ],
    ['a deadline of nothing', { ...good, deadlineSeconds: 0 }, 400, 'request-invalid', 'deadlineSeconds'],
    [
      'a deadline beyond 31 days',
      { ...good, deadlineSeconds: 2_678_401 },
      400,
      'request-invalid',
      'deadlineSeconds',
    ],
    ['another way down', { ...good, via: 'pigeon' }, 400, 'request-invalid', 'via'],
    ['an unknown field', { ...good, priority: 1 }, 400, 'request-invalid', 'priority'],
    [
      'a prototype',
      '{"kind":"GetCounters","targets":["printer-1"],"__proto__":{"x":1}}',
      400,
      'json-malformed',
      '',
    ],
    [
      'a body over the limit',
      { ...good, arguments: { names: ['x'.repeat(140_000)] } },
      413,
      'body-too-large',
      '',
    ],
  ])('%s', async (_, body, status, code, message) => {
    const before = await get('requests?limit=1000');
    const refused = await post(body, { 'content-type': 'application/json' });
    expect([refused.status, refused.json['code']]).toEqual([status, code]);
    expect(refused.json['message']).toContain(message);
    expect(await get('requests?limit=1000')).toEqual(before);
  });

  test('more than a site may have open', async () => {
    const full = async (): Promise<number> => {
      const { status } = await post({ kind: 'ConfirmAlive', selector: { model: 'MFP-1' } });
      return status === 201 ? full() : status;
    };
    expect(await full()).toBe(429);
  });

  test.each([
    ['requests/r-1', 404, 'request-unknown'],
    ['requests/r-1?wait=5', 404, 'request-unknown'],
    ['requests/r-1?wait=51', 400, 'request-invalid'],
    ['requests/r%20', 400, 'request-invalid'],
    ['orders/o-1', 404, 'order-unknown'],
    ['orders/o-1?wait=x', 400, 'request-invalid'],
    ['requests?state=gone', 400, 'request-invalid'],
    ['requests?kind=CancelUpdate', 400, 'request-invalid'],
    ['requests?colour=red', 400, 'request-invalid'],
  ])('reading %s', async (path, status, code) => {
    const { status: given, json } = await world.rest({ path: `/api/v1/${path}` });
    expect([given, json['code']]).toEqual([status, code]);
  });

  test('withdrawing what is unknown, or with a body', async () => {
    const path = '/api/v1/requests/r-1/withdraw';
    expect((await world.rest({ method: 'POST', path })).status).toBe(404);
    expect((await world.rest({ method: 'POST', path, body: { force: true } })).status).toBe(400);
  });
});
