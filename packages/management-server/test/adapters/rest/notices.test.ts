import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createOperatorClient, type OperatorClient } from '@postern/management-server/client';
import { call, supply } from '../../support/told.ts';
import { until } from '../../support/until.ts';
import { createWorld, devices, poll, type World } from '../../support/world.ts';

let world: World;
let client: OperatorClient;

const siteWithPrinter = async () => {
  const site = await world.client('site-a');
  await site.call('Poll', poll({ devices: devices('printer-1', 'printer-2') }));
  return site;
};

beforeEach(async () => {
  world = await createWorld({ calls: { answering: 'operator' } });
  const { caPem } = await world.enrol('server', 'server');
  const url = `https://127.0.0.1:${world.server.restPort}`;
  client = createOperatorClient({ url, token: await world.token(), trust: { caPem } });
});
afterEach(async () => {
  await client.close();
  await world.close();
});

/** @spec R3 R4 */
describe('notices over REST', () => {
  test('are listed newest first, by page and by filter, and read one by one', async () => {
    const site = await siteWithPrinter();
    await site.call('Deliver', call('c1'));
    await site.call('Deliver', supply('n1', { deviceId: 'printer-2' }));
    await site.call('Deliver', supply('n2'));
    const ids = async (query: string): Promise<unknown[]> => {
      const { json } = await world.rest({ path: `/api/v1/notices${query}` });
      return (json['items'] as { deliveryId: string; content: Record<string, unknown> }[]).map(
        ({ content }) => content['callId'] ?? content['noticeId'],
      );
    };
    expect(await ids('')).toEqual(['n2', 'n1', 'c1']);
    const page = (await world.rest({ path: '/api/v1/notices?limit=2' })).json;
    expect(await ids(`?limit=2&after=${page['next']}`)).toEqual(['c1']);
    expect(await ids('?kind=NotifySupply&device=printer-2')).toEqual(['n1']);
    expect(await ids('?open=true')).toEqual(['c1']);
    expect(await ids('?open=false&intermediary=site-a')).toEqual(['n2', 'n1']);
    expect(await ids('?intermediary=site-b')).toEqual([]);
    const [open] = await client.listNotices({ open: true });
    expect(await client.notice(open?.id ?? '')).toMatchObject({
      kind: 'UserCall',
      deviceId: 'printer-1',
      route: ['site-a'],
      state: 'open',
      answer: null,
      content: { callId: 'c1', reason: 'paper' },
    });
  });

  test('a call is answered, and its answer goes down with the held poll', async () => {
    const site = await siteWithPrinter();
    await site.call('Deliver', call('c1'));
    const held = site.call('Poll', poll({ holdSeconds: 50 }));
    await world.heldPoll();
    const [open] = await client.listNotices({ open: true });
    const answered = await client.answerNotice(open?.id ?? '', { outcome: 'failed', text: 'No paper left' });
    expect(answered).toMatchObject({
      state: 'deferred',
      answer: { outcome: 'failed', text: 'No paper left' },
    });
    expect((await held).deferredResponses?.deferredResponse).toMatchObject([
      { deliveryId: 'said-c1', answer: { text: 'No paper left' } },
    ]);
    expect(await client.listNotices({ open: true })).toEqual([]);
  });

  test.each([
    ['/notices/1/answer', { outcome: 'succeeded', text: 'x' }, 404, 'notice-unknown'],
    ['/notices/x/answer', { outcome: 'succeeded', text: 'x' }, 404, 'notice-unknown'],
    ['/notices/1/answer', { outcome: 'pending', text: 'x' }, 400, 'request-invalid'],
    ['/notices/1/answer', { outcome: 'succeeded', text: 'bell \u0007' }, 400, 'request-invalid'],
    ['/notices/1/answer', { outcome: 'succeeded', text: 'x'.repeat(1_025) }, 400, 'request-invalid'],
    ['/notices/1/answer', { outcome: 'succeeded', text: 'x', more: 1 }, 400, 'request-invalid'],
  ])('refuses POST %s %j', async (path, body, status, code) => {
    const answer = await world.rest({ method: 'POST', path: `/api/v1${path}`, body });
    expect([answer.status, answer.json['code']]).toEqual([status, code]);
  });

  test('refuses to answer what is no call, and filters it does not know', async () => {
    const site = await siteWithPrinter();
    await site.call('Deliver', supply('n1'));
    const [notice] = await client.listNotices();
    const refused = client.answerNotice(notice?.id ?? '', { outcome: 'succeeded', text: 'x' });
    await expect(refused).rejects.toMatchObject({ code: 'call-not-open' });
    for (const query of ['kind=Unheard', 'open=maybe', 'colour=red']) {
      expect((await world.rest({ path: `/api/v1/notices?${query}` })).status).toBe(400);
    }
  });

  test('are watched live, and a watch that broke goes on where it broke', async () => {
    const site = await siteWithPrinter();
    await site.call('Deliver', supply('before'));
    const [before] = await client.listNotices();
    const ending = new AbortController();
    const seen: string[] = [];
    const watch = async (from?: string): Promise<void> => {
      for await (const { type, notice } of client.watchNotices(ending.signal, from)) {
        seen.push(`${type} ${notice.kind} ${notice.state}`);
      }
    };
    await site.call('Deliver', supply('missed'));
    const watching = watch(before?.id).catch(() => {});
    await until('what was missed', () => seen.length === 1);
    await site.call('Deliver', call('c1'));
    await until('the call', () => seen.length === 2);
    const [open] = await client.listNotices({ open: true });
    await client.answerNotice(open?.id ?? '', { outcome: 'succeeded', text: 'Yes' });
    await site.call('Poll', poll({ received: { id: ['said-c1'] } }));
    await until('its end', () => seen.length === 4);
    ending.abort();
    await watching;
    expect(seen).toEqual([
      'added NotifySupply noted',
      'added UserCall open',
      'changed UserCall deferred',
      'changed UserCall delivered',
    ]);
  });
});
