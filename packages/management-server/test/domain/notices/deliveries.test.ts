import { afterEach, describe, expect, test } from '@jest/globals';
import type { UplinkOperations, uplink } from '@postern/contracts';
import { Days, Instant, Minutes, Seconds } from '@postern/core';
import type { ServerConfigInput } from '@postern/management-server';
import type { SoapClient } from '@postern/soap-rpc';
import { createInProcess, type InProcess } from '../../support/in-process.ts';
import { call, START, supply } from '../../support/told.ts';
import { devices, poll } from '../../support/world.ts';

type Site = SoapClient<UplinkOperations>;

let server: InProcess;

const start = async (config: Partial<ServerConfigInput> = {}): Promise<Site> => {
  server = await createInProcess({}, config);
  const site = server.client('site-a');
  await site.call('Poll', poll({ devices: devices('printer-1', 'printer-2') }));
  return site;
};
const restart = async (config: Partial<ServerConfigInput> = {}): Promise<Site> => {
  await server.restart(config);
  return server.client('site-a');
};
const all = () => server.stores.notices.page({ limit: 100 });
const only = () => {
  const [notice, ...more] = all();
  if (notice === undefined || more.length > 0) throw new Error(`There are ${1 + more.length} notices`);
  return notice;
};
const audited = () => server.stores.audit.newest(10);

afterEach(() => server.close());

const OPERATOR = { calls: { answering: 'operator' } } as const;

/** @spec R3 R6 */
describe('a call that is answered by configuration', () => {
  test('is answered at once, with the configured text, and recorded', async () => {
    const site = await start({ calls: { text: 'We are on our way' } });
    const answer = { inReplyTo: 'said-c1', outcome: 'succeeded', text: 'We are on our way' };
    expect(await site.call('Deliver', call('c1'))).toEqual(answer);
    expect(server.steps).toEqual(['S705 c1']);
    expect(only()).toMatchObject({
      kind: 'UserCall',
      deviceId: 'printer-1',
      intermediary: 'site-a',
      route: ['site-a'],
      at: server.clock.now(),
      siteAt: START,
      missed: false,
      state: 'answered',
      answer: { outcome: 'succeeded', text: 'We are on our way' },
    });
  });

  test('is one call however often it comes, also after a restart, and keeps its first answer', async () => {
    const site = await start({ calls: { text: 'First' } });
    const first = await site.call('Deliver', call('c1'));
    expect(await site.call('Deliver', call('c1'))).toEqual(first);
    const again = await restart({ calls: { text: 'Second' } });
    expect(await again.call('Deliver', call('c1'))).toEqual(first);
    expect(all()).toHaveLength(1);
  });

  /** @spec R7 */
  test('is a missed one where its caller was told so, also when that is heard only later', async () => {
    const site = await start();
    await site.call('Deliver', call('c1', { answeredAs: 'failed' }));
    expect(only().missed).toBe(true);
    await site.call('Deliver', call('c2'));
    await site.call('Deliver', call('c2', { answeredAs: 'failed' }));
    expect(all().map(({ missed }) => missed)).toEqual([true, true]);
  });
});

/** @spec R4 R6 */
describe('a call that people answer', () => {
  test('gets a delay notice, and its answer with the held poll, until the site has it', async () => {
    const site = await start(OPERATOR);
    expect(await site.call('Deliver', call('c1'))).toMatchObject({ outcome: 'pending' });
    const { id } = only();
    const held = site.call('Poll', poll({ holdSeconds: 50 }));
    await server.clock.advance(Seconds(5));
    server.domain.notices.answer(id, { outcome: 'succeeded', text: 'Paper is on its way' });
    const deferredResponse = [
      {
        deliveryId: 'said-c1',
        deviceId: 'printer-1',
        answer: { inReplyTo: 'said-c1', outcome: 'succeeded', text: 'Paper is on its way' },
      },
    ];
    expect((await held).deferredResponses).toEqual({ deferredResponse });
    const again = await restart(OPERATOR);
    expect((await again.call('Poll', poll())).deferredResponses).toEqual({ deferredResponse });
    expect(only().state).toBe('deferred');
    const received = await again.call('Poll', poll({ received: { id: ['said-c1', 'unknown'] } }));
    expect(received.deferredResponses).toBeUndefined();
    expect((await again.call('Poll', poll())).deferredResponses).toBeUndefined();
    expect(only().state).toBe('delivered');
    expect(server.steps).toEqual(['S705 c1', 'S705 c1', 'S705 c1']);
    expect(await again.call('Deliver', call('c1'))).toMatchObject({ text: 'Paper is on its way' });
  });

  test('is answered once; the same answer again changes nothing', async () => {
    const site = await start(OPERATOR);
    await site.call('Deliver', call('c1'));
    const { id } = only();
    const answer = { outcome: 'succeeded', text: 'Yes' } as const;
    const { notices } = server.domain;
    expect(notices.answer(id, answer)).toEqual(notices.answer(id, answer));
    const other = () => notices.answer(id, { outcome: 'failed', text: 'No' });
    expect(other).toThrow(expect.objectContaining({ code: 'call-not-open' }));
    expect(only().answer).toEqual(answer);
  });

  test('is received by nobody but the site that it came from', async () => {
    const site = await start(OPERATOR);
    await site.call('Deliver', call('c1'));
    server.domain.notices.answer(only().id, { outcome: 'succeeded', text: 'Yes' });
    const other = server.client('site-b');
    const answer = await other.call('Poll', poll({ received: { id: ['said-c1'] } }));
    expect([answer.deferredResponses, only().state]).toEqual([undefined, 'deferred']);
  });

  test('expires when nobody answers, and so does an answer that nobody fetches', async () => {
    const site = await start(OPERATOR);
    await site.call('Deliver', call('c1'));
    await site.call('Deliver', call('c2'));
    const [second] = all();
    server.domain.notices.answer(second?.id ?? '', { outcome: 'succeeded', text: 'Yes' });
    await server.clock.advance(Days(2));
    expect(all().map(({ state }) => state)).toEqual(['undelivered', 'open']);
    expect((await site.call('Poll', poll())).deferredResponses).toBeUndefined();
    await server.clock.advance(Days(6));
    expect(all().map(({ state }) => state)).toEqual(['undelivered', 'expired']);
    expect(await site.call('Deliver', call('c1'))).toMatchObject({ outcome: 'failed' });
  });

  test('fails at once where too many of its site wait', async () => {
    const site = await start({ calls: { answering: 'operator', mostOpen: 2 } });
    const outcomes: string[] = [];
    for (const id of ['c1', 'c2', 'c3']) outcomes.push((await site.call('Deliver', call(id))).outcome);
    expect(outcomes).toEqual(['pending', 'pending', 'failed']);
  });
});

/** @spec R3 */
describe('a notice', () => {
  test('of every kind is noted, once for each delivery', async () => {
    const site = await start();
    const device = devices('printer-1').device[0]?.information;
    const bodies: readonly uplink.DeliverBody[] = [
      supply('n1').body,
      { kind: 'NotifyAbnormality', value: { noticeId: 'n2', at: START, code: 'paper-jam', text: 'Tray 1' } },
      { kind: 'NotifyStart', value: { deviceId: 'printer-1', program: 'firmware' } },
      { kind: 'Register', value: { device: device ?? ({} as never) } },
      {
        kind: 'CollectLogsResponse',
        value: { entries: { item: [{ at: START, level: 'warn', message: 'x' }] } },
      },
    ];
    for (const [index, body] of [...bodies, ...bodies].entries()) {
      const deliveryId = `d-${index % bodies.length}`;
      expect(await site.call('Deliver', call('', { deliveryId, body }))).toEqual({
        inReplyTo: deliveryId,
        outcome: 'succeeded',
        text: 'noted',
      });
    }
    expect(all().map(({ kind }) => kind)).toEqual(bodies.map(({ kind }) => kind).reverse());
    expect(JSON.parse(all().at(-1)?.content ?? '')).toEqual({
      noticeId: 'n1',
      at: '2030-01-01T00:00:00.000Z',
      supply: 'toner',
      remainingPercent: 3,
    });
  });

  test('with counters that the schedule read makes them the latest of their device, once', async () => {
    const site = await start();
    const read = (deliveryId: string, value: number, at: number) =>
      call('', {
        deliveryId,
        at: Instant(at),
        body: { kind: 'GetCountersResponse', value: { counters: { item: [{ name: 'pages', value }] } } },
      });
    await server.clock.advance(Minutes(10));
    await site.call('Deliver', read('d-1', 10, START + 1_000));
    await site.call('Deliver', read('d-2', 20, START + 2_000));
    await site.call('Deliver', read('d-1', 10, START + 1_000));
    expect(server.stores.counters.find('printer-1')).toEqual([
      { name: 'pages', value: 20, at: START + 2_000 },
    ]);
  });

  test('of an intermediary, and of one below it, is theirs', async () => {
    const site = await start();
    await site.call('Deliver', supply('n1', { deviceId: 'site-a' }));
    const route = { node: ['child-1', 'site-a'] };
    await site.call('Deliver', supply('n2', { deviceId: 'child-1', route }));
    expect(all().map(({ deviceId }) => deviceId)).toEqual(['child-1', 'site-a']);
  });
});

describe('what is refused, and changes nothing:', () => {
  test.each<[string, uplink.Deliver, string, string | undefined]>([
    [
      'a device of another intermediary',
      supply('n1', { route: { node: ['site-b'] } }),
      'device-foreign',
      'printer-1',
    ],
    [
      'a route that does not end at whoever delivers',
      supply('n1', { deviceId: 'site-b', route: { node: ['site-b', 'site-a'] } }),
      'device-foreign',
      'site-b',
    ],
    [
      'a route that runs in a circle',
      supply('n1', { deviceId: 'site-b', route: { node: ['site-b', 'c-1', 'site-b'] } }),
      'route-loop',
      'said-n1',
    ],
    [
      'a device that nobody told of',
      supply('n1', { deviceId: 'x', route: { node: ['site-b'] } }),
      'device-unknown',
      undefined,
    ],
    [
      'another intermediary by a forged route',
      supply('n1', { deviceId: 'site-a', route: { node: ['site-a', 'site-b'] } }),
      'device-foreign',
      'site-a',
    ],
  ])('%s', async (_, delivery, code, subject) => {
    await start();
    const other = server.client('site-b');
    await other.call('Poll', poll({ devices: devices() }));
    await expect(other.call('Deliver', delivery)).rejects.toMatchObject({ code, kind: 'client' });
    expect(all()).toEqual([]);
    const expected = subject === undefined ? [] : [{ code, caller: 'site-b', subject }];
    expect(audited()).toMatchObject(expected);
  });

  test('other content under the same identifier', async () => {
    const site = await start();
    await site.call('Deliver', call('c1'));
    const other: uplink.DeliverBody = {
      kind: 'UserCall',
      value: { callId: 'c1', at: START, reason: 'other' },
    };
    for (const changes of [{ body: other }, { deviceId: 'printer-2' }, { body: supply('c1').body }]) {
      await expect(site.call('Deliver', call('c1', changes))).rejects.toMatchObject({
        code: 'delivery-reused',
        kind: 'client',
      });
    }
    expect(JSON.parse(only().content)).toMatchObject({ reason: 'paper' });
    expect(audited()).toMatchObject([
      { code: 'delivery-reused', subject: 'said-c1' },
      { code: 'delivery-reused', subject: 'said-c1' },
      { code: 'delivery-reused', subject: 'said-c1' },
    ]);
  });

  test('the same identifier from another site is another delivery', async () => {
    const site = await start();
    await site.call('Deliver', call('c1'));
    const other = server.client('site-b');
    await other.call('Poll', poll({ devices: devices('meter-1') }));
    await other.call('Deliver', call('c1', { deviceId: 'meter-1', route: { node: ['site-b'] } }));
    expect(all()).toHaveLength(2);
  });
});

/** @spec R3 */
describe('a flood', () => {
  const slow = (perDevice: number, perIntermediary: number) => ({
    notices: {
      perDevice: { burst: perDevice, perMinute: 1 },
      perIntermediary: { burst: perIntermediary, perMinute: 1 },
    },
  });
  const codes = async (site: Site, deviceId: string, count: number) => {
    const seen: string[] = [];
    for (let n = 0; n < count; n++) {
      seen.push(
        await site.call('Deliver', supply(`${deviceId}-${n}`, { deviceId })).then(
          ({ outcome }) => outcome,
          (error) => (error as { code: string }).code,
        ),
      );
    }
    return seen;
  };

  test('of a device is refused by itself and audited once; the others of its site are heard', async () => {
    const site = await start(slow(3, 100));
    expect(await codes(site, 'printer-1', 6)).toEqual([
      ...['succeeded', 'succeeded', 'succeeded'],
      ...['too-many-notices', 'too-many-notices', 'too-many-notices'],
    ]);
    expect(await codes(site, 'printer-2', 1)).toEqual(['succeeded']);
    expect(audited()).toMatchObject([{ code: 'too-many-notices', caller: 'site-a', subject: 'printer-1' }]);
    await server.clock.advance(Minutes(2));
    expect(await codes(site, 'printer-1', 1)).toEqual(['succeeded']);
    const over = server.logger.lines.filter(({ message }) => message === 'A flood of deliveries is over');
    expect(over.map(({ fields }) => fields['refused'])).toEqual([3]);
  });

  test('of a site is refused by itself; other sites are heard', async () => {
    const site = await start(slow(100, 3));
    expect((await codes(site, 'printer-1', 4)).at(-1)).toBe('too-many-notices');
    expect(audited()).toMatchObject([{ code: 'too-many-notices', caller: 'site-a', subject: 'site-a' }]);
    const other = server.client('site-b');
    await other.call('Poll', poll({ devices: devices('meter-1') }));
    const delivery = supply('n1', { deviceId: 'meter-1', route: { node: ['site-b'] } });
    expect(await other.call('Deliver', delivery)).toMatchObject({ outcome: 'succeeded' });
  });
});
