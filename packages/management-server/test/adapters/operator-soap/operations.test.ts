import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { OperatorOperations, UplinkOperations, uplink } from '@postern/contracts';
import { Instant, Seconds } from '@postern/core';
import type { SoapClient } from '@postern/soap-rpc';
import { IMAGE, manifestOf, sha256, signed } from '../../support/software.ts';
import { call, supply } from '../../support/told.ts';
import { createWorld, devices, poll, verified, type World } from '../../support/world.ts';

let world: World;
let site: SoapClient<UplinkOperations>;
let operator: SoapClient<OperatorOperations>;
beforeAll(async () => {
  world = await createWorld({ calls: { answering: 'operator' }, limits: { waitingReads: 1 } });
  site = await world.client('site-a');
  operator = await world.operator();
  await site.call('Poll', poll({ devices: devices('printer-1', 'printer-2', 'printer-3') }));
  await world.rest({
    method: 'PUT',
    path: `/api/v1/images/${sha256(IMAGE)}`,
    headers: { 'content-type': 'application/octet-stream' },
    body: IMAGE,
  });
});
afterAll(() => world.close());

const refusal = { kind: 'client', status: 500 };
const answered = async (requestId: string, body: uplink.ResponseBody) =>
  site.call('Poll', poll({ responses: { response: [{ requestId, at: world.clock.now(), body }] } }));
const software = async () =>
  (await operator.call('RegisterSoftware', { signedManifest: signed(manifestOf()) })).software;

describe('devices', () => {
  test('come in pages, by name, and can be chosen', async () => {
    const { page } = await operator.call('ListDevices', { limit: 2 });
    expect([page.device.map(({ id }) => id), page.next]).toEqual([['printer-1', 'printer-2'], 'printer-2']);
    const rest = await operator.call('ListDevices', { limit: 2, after: 'printer-2', model: 'MFP-1' });
    expect(rest.page).toMatchObject({ device: [{ id: 'printer-3', intermediary: 'site-a', present: true }] });
    expect(rest.page.next).toBeUndefined();
    expect((await operator.call('ListDevices', { intermediary: 'site-b' })).page.device).toEqual([]);
  });

  test('one that is unknown is refused as in REST, and blamed on the caller', async () => {
    await expect(operator.call('GetDevice', { deviceId: 'nobody' })).rejects.toMatchObject({
      ...refusal,
      code: 'device-unknown',
      hint: expect.stringMatching(/Check the name/),
    });
  });

  test('intermediaries are listed', async () => {
    const { page } = await operator.call('ListIntermediaries', {});
    expect(page.intermediary).toMatchObject([{ name: 'site-a', route: { node: [] } }]);
  });
});

/** @spec R5 */
test('billing: counters of all devices are ordered once, waited for, and read in one list', async () => {
  const { order } = await operator.call('OrderRequests', {
    request: { body: { kind: 'GetCounters', value: { names: { name: ['copies'] } } } },
    selector: { model: 'MFP-1' },
    idempotencyKey: 'billing-1',
  });
  expect(order).toMatchObject({
    kind: 'GetCounters',
    targets: 3,
    ended: false,
    request: { body: { kind: 'GetCounters', value: { names: { name: ['copies'] } } } },
    states: { waiting: 3 },
  });
  const held = operator.call('GetOrder', { orderId: order.id, waitSeconds: 50 });
  const down = (await site.call('Poll', poll())).requests?.request ?? [];
  for (const [index, { requestId }] of down.entries()) {
    const counters = { item: [{ name: 'copies', value: 100 + index }] };
    await answered(requestId, { kind: 'GetCountersResponse', value: { counters } });
  }
  expect((await held).order).toMatchObject({ ended: true, states: { answered: 3, waiting: 0 } });
  const { page } = await operator.call('ListDevices', { withCounters: true });
  const at = world.clock.now();
  expect(page.device.map(({ id, counters }) => [id, counters?.counter])).toEqual([
    ['printer-1', [{ name: 'copies', value: 100, at }]],
    ['printer-2', [{ name: 'copies', value: 101, at }]],
    ['printer-3', [{ name: 'copies', value: 102, at }]],
  ]);
  expect((await operator.call('GetDevice', { deviceId: 'printer-1' })).device.counters).toEqual({
    counter: [{ name: 'copies', value: 100, at }],
  });
  const requests = (await operator.call('ListRequests', { orderId: order.id, state: 'answered', limit: 2 }))
    .page;
  expect(requests.request).toHaveLength(2);
  expect(requests.request[0]).toMatchObject({
    target: 'printer-3',
    answer: { body: { kind: 'GetCountersResponse', value: { counters: { item: [{ value: 102 }] } } } },
  });
  expect(requests.next).toBe(requests.request[1]?.id);
});

describe('requests', () => {
  const ask = (kind: 'ConfirmAlive' | 'GetApplications', target: string, idempotencyKey?: string) =>
    operator.call('OrderRequests', {
      request: { body: { kind, value: {} } },
      targets: { target: [target] },
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    });

  test('one order under one key; another under the same key is refused', async () => {
    const [first, again] = [
      await ask('ConfirmAlive', 'printer-1', 'k-1'),
      await ask('ConfirmAlive', 'printer-1', 'k-1'),
    ];
    expect(again.order.id).toBe(first.order.id);
    await expect(ask('ConfirmAlive', 'printer-2', 'k-1')).rejects.toMatchObject({
      ...refusal,
      code: 'idempotency-key-reused',
    });
  });

  test('one is withdrawn, and a refused one has its failure', async () => {
    const { order } = await ask('GetApplications', 'printer-2');
    const [request] = (await operator.call('ListRequests', { orderId: order.id })).page.request;
    const requestId = request?.id ?? '';
    const withdrawn = await operator.call('WithdrawRequest', { requestId });
    expect(withdrawn.request.state).toBe('withdrawn');
    await expect(operator.call('WithdrawRequest', { requestId })).rejects.toMatchObject({
      code: 'request-taken',
    });
    const failed = await ask('GetApplications', 'printer-3');
    const [other] = (await operator.call('ListRequests', { orderId: failed.order.id })).page.request;
    const held = operator.call('GetRequest', { requestId: other?.id ?? '', waitSeconds: 50 });
    await site.call('Poll', poll());
    await answered(other?.id ?? '', {
      kind: 'Failure',
      value: { code: 'not-supported', message: 'No such thing' },
    });
    expect((await held).request).toMatchObject({ state: 'refused', failure: { code: 'not-supported' } });
    expect((await held).request.answer).toBeUndefined();
  });

  test('targets and a selector together, neither, and an empty selector are refused', async () => {
    const request = { body: { kind: 'ConfirmAlive' as const, value: {} } };
    const wrong = [
      { request },
      { request, targets: { target: ['printer-1'] }, selector: { model: 'MFP-1' } },
      { request, selector: {} },
    ];
    for (const order of wrong) {
      await expect(operator.call('OrderRequests', order)).rejects.toMatchObject({
        ...refusal,
        code: 'request-invalid',
      });
    }
  });
});

describe('software and updates', () => {
  test('software is registered once and listed', async () => {
    const [first, again] = [await software(), await software()];
    expect(again.id).toBe(first.id);
    expect(first).toMatchObject({ software: 'mfp-firmware', model: 'MFP-1', warnings: { warning: [] } });
    const { page } = await operator.call('ListSoftware', {});
    expect(page.software.map(({ id }) => id)).toEqual([first.id]);
    await expect(
      operator.call('RegisterSoftware', { signedManifest: Buffer.from('{}') }),
    ).rejects.toMatchObject({ ...refusal, code: 'manifest-malformed' });
  });

  /** @spec R1 */
  test('an update is ordered, waited for, and its journal read', async () => {
    const { id: softwareId } = await software();
    const order = {
      deviceId: 'printer-1',
      software: softwareId,
      deadlineSeconds: 600,
      policy: { transferTries: 2 },
      idempotencyKey: 'u-1',
    };
    const { update } = await operator.call('OrderUpdate', order);
    expect(update).toMatchObject({ state: 'ordered', softwareId, policy: { transferTries: 2 } });
    expect((await operator.call('OrderUpdate', order)).update.id).toBe(update.id);
    await expect(operator.call('OrderUpdate', { ...order, deadlineSeconds: 1 })).rejects.toMatchObject({
      code: 'idempotency-key-reused',
    });
    await expect(
      operator.call('OrderUpdate', { deviceId: 'printer-1', software: softwareId }),
    ).rejects.toMatchObject({ code: 'update-already-open' });
    await expect(
      operator.call('OrderUpdate', { ...order, deviceId: 'printer-3', policy: { transferTries: 0 } }),
    ).rejects.toMatchObject({ code: 'request-invalid' });
    const held = operator.call('GetUpdate', { updateId: update.id, waitSeconds: 50 });
    await site.call('Poll', poll());
    await site.call('Poll', poll({ responses: { response: [verified(update.id)] } }));
    expect((await held).update).toMatchObject({ state: 'verified', assurance: 'full', credential: 'erased' });
    const { journal } = await operator.call('GetUpdateJournal', { updateId: update.id });
    expect(journal.step.map(({ step, title }) => [step, title !== undefined])).toEqual([
      ['S101', true],
      ['S124', true],
    ]);
    await expect(operator.call('CancelUpdate', { updateId: update.id })).rejects.toMatchObject({
      code: 'update-finished',
    });
  });

  test('updates are listed newest first, and called off', async () => {
    const { id } = await software();
    const { update } = await operator.call('OrderUpdate', { deviceId: 'printer-2', software: id });
    const page = (await operator.call('ListUpdates', { limit: 1 })).page;
    expect([page.update.map((each) => each.id), page.next]).toEqual([[update.id], update.id]);
    expect((await operator.call('ListUpdates', { deviceId: 'printer-2' })).page.update).toHaveLength(1);
    const ended = await operator.call('CancelUpdate', { updateId: update.id });
    expect(ended.update.state).toBe('cancelled');
  });
});

/** @spec R4 R6 */
test('service desk: open calls are followed, read and answered', async () => {
  const before = await operator.call('FollowNotices', {});
  expect(before.page).toEqual({ notice: [] });
  const held = operator.call('FollowNotices', { kind: 'UserCall', waitSeconds: 50 });
  await site.call('Deliver', supply('toner-1'));
  await site.call('Deliver', call('call-1'));
  const { page } = await held;
  expect(page.notice).toMatchObject([
    { kind: 'UserCall', state: 'open', deviceId: 'printer-1', route: { node: ['site-a'] } },
  ]);
  const [notice] = page.notice;
  expect(notice?.content?.body).toEqual({
    kind: 'UserCall',
    value: { callId: 'call-1', at: Instant(Date.UTC(2030, 0, 1)), reason: 'paper' },
  });
  expect(page.next).toBe(notice?.id);
  const open = await operator.call('ListNotices', { open: true });
  expect(open.page.notice.map(({ id }) => id)).toEqual([notice?.id]);
  const answer = { noticeId: notice?.id ?? '', outcome: 'succeeded' as const, text: 'On our way' };
  expect((await operator.call('AnswerCall', answer)).notice).toMatchObject({
    state: 'deferred',
    answer: { outcome: 'succeeded', text: 'On our way' },
  });
  expect((await operator.call('AnswerCall', answer)).notice.state).toBe('deferred');
  await expect(operator.call('AnswerCall', { ...answer, text: 'Not at all' })).rejects.toMatchObject({
    ...refusal,
    code: 'call-not-open',
  });
  expect((await operator.call('ListNotices', { open: true })).page.notice).toEqual([]);
  expect((await operator.call('GetNotice', { noticeId: answer.noticeId })).notice.state).toBe('deferred');
  const all = await operator.call('FollowNotices', { since: '0', limit: 1 });
  expect(all.page.notice).toMatchObject([{ kind: 'NotifySupply' }]);
  const rest = await operator.call('FollowNotices', { since: all.page.next ?? '' });
  expect(rest.page.notice.map(({ id }) => id)).toEqual([answer.noticeId]);
  const none = await operator.call('FollowNotices', { since: answer.noticeId });
  expect(none.page).toEqual({ notice: [], next: answer.noticeId });
  await expect(operator.call('FollowNotices', { since: 'yesterday' })).rejects.toMatchObject({
    code: 'request-invalid',
  });
});

test('a wait ends with its time, and with the server; more waits than are allowed are refused', async () => {
  const { order } = await operator.call('OrderRequests', {
    request: { body: { kind: 'ConfirmAlive', value: {} } },
    targets: { target: ['printer-2'] },
  });
  const wait = () => operator.call('GetOrder', { orderId: order.id, waitSeconds: 50 });
  expect((await operator.call('GetOrder', { orderId: order.id, waitSeconds: 0 })).order.ended).toBe(false);
  /** One of two is refused: then the other one is held. The refusal blames the service. */
  const held = async (): Promise<readonly ReturnType<typeof wait>[]> => {
    const both = [wait(), wait()];
    const refused = await Promise.race(both.map((each) => each.catch((error: unknown) => error)));
    expect(refused).toMatchObject({ code: 'too-many-watchers', kind: 'server' });
    return both;
  };
  const first = await held();
  await world.clock.advance(Seconds(50));
  expect((await Promise.any(first)).order.ended).toBe(false);
  const second = await held();
  await world.server.close();
  expect((await Promise.any(second)).order.ended).toBe(false);
});
