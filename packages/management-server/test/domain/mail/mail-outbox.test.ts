import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Minutes, PosternError, Seconds } from '@postern/core';
import type { MailDown } from '../../../src/domain/mail/mail-outbox.ts';
import type { RequestOrder } from '../../../src/domain/requests/request-orders.ts';
import { createInProcess, type InProcess } from '../../support/in-process.ts';
import { until } from '../../support/until.ts';
import { devices } from '../../support/world.ts';

const MAIL = {
  relay: { host: 'relay.example.org' },
  from: 'postern@example.org',
  intermediaries: { 'site-a': { address: 'site-a@example.org', certificateFile: 'mail.pem' } },
};

let server: InProcess;
/** What was given to the relay, and what it says to the next. */
let posted: MailDown[];
let relay: () => Promise<void>;

beforeEach(async () => {
  posted = [];
  relay = async () => {};
  const postMail = async (mail: MailDown): Promise<void> => {
    posted.push(mail);
    await relay();
  };
  server = await createInProcess({}, { mail: MAIL }, postMail);
  await server.poll('site-a', { devices: devices('printer-1', 'printer-2') });
  await server.poll('site-b', { devices: devices('copier-1') });
});
afterEach(() => server.close());

const ask = (changes: Partial<RequestOrder> = {}): readonly string[] => {
  const { order } = server.domain.requestOrders.order({
    kind: 'ConfirmAlive',
    targets: ['printer-1'],
    arguments: {},
    deadlineSeconds: 900,
    via: 'mail',
    ...changes,
  });
  return server.stores.requests.page({ order: order.id, limit: 10 }).map(({ id }) => id);
};
const find = (id: string | undefined) => server.domain.requestOrders.find(id ?? '');
const mails = (count: number) => until(`${count} mails`, () => posted.length >= count);
const settled = () => until('an empty outbox', () => server.stores.mailOutbox.first() === undefined);
const fails = (code: string) => async () => {
  throw new PosternError(code, 'No');
};

/** @spec R9 */
describe('a request that goes down by mail', () => {
  test('is given to the relay, and to the next poll all the same, until the site has it', async () => {
    const [id] = ask();
    await settled();
    expect(posted).toEqual([
      expect.objectContaining({
        intermediary: 'site-a',
        date: server.clock.now(),
        requests: [
          {
            requestId: id,
            target: 'printer-1',
            expiresInSeconds: 900,
            body: { kind: 'ConfirmAlive', value: {} },
          },
        ],
      }),
    ]);
    expect(find(id).state).toBe('sent');
    const down = await server.poll('site-a');
    expect(down.requests?.request.map(({ requestId }) => requestId)).toEqual([id]);
    await server.poll('site-a', { received: { id: [id ?? ''] } });
    expect(find(id).state).toBe('taken');
    expect((await server.poll('site-a')).requests).toBeUndefined();
    expect(posted).toHaveLength(1);
  });

  test('of an order for several targets has a mail of its own; one by poll has none', async () => {
    ask({ via: 'poll' });
    const ids = ask({ targets: ['printer-1', 'printer-2'] });
    await settled();
    expect(posted.map(({ requests }) => requests[0]?.requestId).sort()).toEqual([...ids].sort());
    expect(new Set(posted.map(({ mailId }) => mailId)).size).toBe(2);
  });

  test('is tried again while the relay does not take it, ever more seldom, and says then how much time is left', async () => {
    relay = fails('relay-unreachable');
    const [id] = ask();
    await mails(1);
    await server.clock.advance(Seconds(4));
    expect(posted).toHaveLength(1);
    await server.clock.advance(Seconds(6));
    await mails(2);
    await server.clock.advance(Seconds(9));
    expect(posted).toHaveLength(2);
    relay = async () => {};
    await server.clock.advance(Seconds(11));
    await mails(3);
    await settled();
    const [first, , third] = posted;
    const passed = ((third?.date ?? 0) - (first?.date ?? 0)) / 1_000;
    expect(passed).toBeGreaterThan(10);
    expect(third?.requests[0]?.expiresInSeconds).toBe(Math.ceil(900 - passed));
    expect(find(id).state).toBe('sent');
    expect(new Set(posted.map(({ mailId }) => mailId)).size).toBe(3);
  });

  test('is left to the polls when the relay refuses it for good', async () => {
    relay = fails('relay-refused');
    const [id] = ask();
    await settled();
    await server.clock.advance(Minutes(5));
    expect(posted).toHaveLength(1);
    expect((await server.poll('site-a')).requests?.request[0]?.requestId).toBe(id);
  });

  test.each<[string, (id: string) => unknown]>([
    ['it was called off', (id) => server.domain.requestOrders.withdraw(id)],
    ['the site has it by poll', (id) => server.poll('site-a', { received: { id: [id] } })],
    ['its time is over', () => server.clock.advance(Minutes(16))],
  ])('is tried no more once %s', async (_, happens) => {
    relay = fails('relay-unreachable');
    const [id] = ask();
    await mails(1);
    await happens(id ?? '');
    const { length } = posted;
    await server.clock.advance(Minutes(11));
    await settled();
    expect(posted).toHaveLength(length);
  });

  test('survives the process, also one that died with the mail in its hands', async () => {
    let given: () => void = () => {};
    const inItsHands = new Promise<void>((resolve) => {
      given = resolve;
    });
    relay = () => {
      given();
      return new Promise(() => {});
    };
    const [id] = ask();
    await inItsHands;
    relay = async () => {};
    await server.restart();
    expect(posted).toHaveLength(1);
    await server.clock.advance(Seconds(10));
    await mails(2);
    await settled();
    expect(posted.map(({ requests }) => requests[0]?.requestId)).toEqual([id, id]);
  });

  test('does not wait longer for the relay than for a minute', async () => {
    relay = () => new Promise(() => {});
    ask();
    await mails(1);
    relay = async () => {};
    await server.clock.advance(Minutes(1));
    await mails(2);
    await settled();
  });

  test('is refused, all of its order, for a site that has no address', () => {
    expect(() => ask({ targets: ['printer-1', 'copier-1'] })).toThrow(
      expect.objectContaining({ code: 'mail-not-configured' }),
    );
    expect(server.stores.requests.page({ limit: 10 })).toEqual([]);
    expect(server.stores.mailOutbox.first()).toBeUndefined();
  });
});

/** @spec R9 */
test('a server that sends no mail takes no order by mail', async () => {
  const without = await createInProcess();
  await without.poll('site-a', { devices: devices('printer-1') });
  const order = { kind: 'ConfirmAlive', targets: ['printer-1'], arguments: {}, deadlineSeconds: 9 } as const;
  expect(() => without.domain.requestOrders.order({ ...order, via: 'mail' })).toThrow(
    expect.objectContaining({ code: 'mail-not-configured' }),
  );
  await without.close();
});
