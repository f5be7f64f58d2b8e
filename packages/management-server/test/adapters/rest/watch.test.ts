import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { clientTlsOptions } from '@postern/pki';
import { openHttps } from '../../support/rest-client.ts';
import { until } from '../../support/until.ts';
import { createWorld, journal, orderFor, poll, verified, type World } from '../../support/world.ts';

let world: World;
beforeEach(async () => {
  world = await createWorld({ limits: { watchers: 2 } });
});
afterEach(() => world.close());

interface Received {
  readonly event: string | undefined;
  readonly id: string | undefined;
  readonly data: Record<string, unknown>;
}

/** Opens a watch; `next` gives its events one by one, undefined after the last. */
const watch = async (id: string, headers: Record<string, string> = {}) => {
  const { caPem } = await world.enrol('watcher', 'operator');
  const answer: IncomingMessage = await openHttps(
    world.server.restPort,
    clientTlsOptions({ caPem }, { expect: { role: 'server' } }),
    {
      path: `/api/v1/updates/${id}/events`,
      headers: { authorization: `Bearer ${await world.token()}`, ...headers },
    },
  );
  const events = read(answer);
  return { answer, next: async () => (await events.next()).value as Received | undefined };
};

async function* read(answer: IncomingMessage): AsyncGenerator<Received> {
  let text = '';
  for await (const chunk of answer) {
    text += String(chunk);
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const field = (name: string) =>
        lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
      const data = field('data');
      if (data !== undefined) yield { event: field('event'), id: field('id'), data: JSON.parse(data) };
    }
  }
}

describe('watching an update', () => {
  test('tells steps, progress and the end, and then ends itself', async () => {
    const site = await world.client('site-a');
    const id = await orderFor(world, site);
    const { next, answer } = await watch(id);
    expect(answer.headers['content-type']).toBe('text/event-stream');
    await site.call('Poll', poll());
    const progress = { doneBytes: 1, totalBytes: 2 };
    const notice = { requestId: id, progress, journal: journal(['S101']) };
    await site.call('Poll', poll({ delayNotices: { delayNotice: [notice] } }));
    expect(await next()).toMatchObject({
      event: 'step',
      id: '1',
      data: { step: 'S101', title: 'update ordered' },
    });
    expect(await next()).toMatchObject({ event: 'progress', data: progress });
    await site.call('Poll', poll({ responses: { response: [verified(id)] } }));
    expect(await next()).toMatchObject({ event: 'step', data: { step: 'S124' } });
    expect(await next()).toMatchObject({ event: 'finished', data: { id, state: 'verified' } });
    expect(await next()).toBeUndefined();
  });

  test('goes on after Last-Event-ID', async () => {
    const site = await world.client('site-a');
    const id = await orderFor(world, site);
    await site.call('Poll', poll());
    const first = await watch(id);
    await site.call('Poll', poll({ responses: { response: [verified(id, ['S101', 'S110', 'S124'])] } }));
    const seen = await first.next();
    const second = await watch(id, { 'last-event-id': String(seen?.id) });
    expect((await second.next())?.data['step']).toBe('S110');
    expect((await second.next())?.data['step']).toBe('S124');
    expect((await second.next())?.event).toBe('finished');
  });

  test('has a limit of watchers, and a place is free when one goes', async () => {
    const id = await orderFor(world, await world.client('site-a'));
    const first = await watch(id);
    const second = await watch(id);
    const third = await watch(id);
    expect(third.answer.statusCode).toBe(503);
    first.answer.destroy();
    await until('a free place', async () => (await watch(id)).answer.statusCode === 200);
    second.answer.destroy();
  });

  test('that waits behind another one on its connection gives its place back when the connection ends', async () => {
    const id = await orderFor(world, await world.client('site-a'));
    const { caPem } = await world.enrol('watcher', 'operator');
    const socket = connect({
      ...clientTlsOptions({ caPem }, { expect: { role: 'server' } }),
      host: '127.0.0.1',
      port: world.server.restPort,
    });
    await once(socket, 'secureConnect');
    const one = `GET /api/v1/updates/${id}/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${await world.token()}\r\n\r\n`;
    socket.write(one + one);
    await until('both places are taken', async () => {
      const third = await watch(id);
      third.answer.destroy();
      return third.answer.statusCode === 503;
    });
    socket.destroy();
    await until('both places are free', async () => {
      const [first, second] = [await watch(id), await watch(id)];
      for (const { answer } of [first, second]) answer.destroy();
      return first.answer.statusCode === 200 && second.answer.statusCode === 200;
    });
  });

  test('ends when the server closes', async () => {
    const id = await orderFor(world, await world.client('site-a'));
    const { next } = await watch(id);
    const end = next();
    await world.server.close();
    expect(await end).toBeUndefined();
  });

  test('refuses a strange Last-Event-ID', async () => {
    const id = await orderFor(world, await world.client('site-a'));
    expect((await watch(id, { 'last-event-id': 'x' })).answer.statusCode).toBe(400);
  });
});
