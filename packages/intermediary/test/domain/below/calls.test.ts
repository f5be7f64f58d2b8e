import { describe, expect, test } from '@jest/globals';
import { Hours, Minutes, Seconds } from '@postern/core';
import { temporaryDirectory } from '../../support/directory.ts';
import { NodeAbove, Panel, startBelow } from '../../support/site-below.ts';

const start = async (options: Partial<Parameters<typeof startBelow>[0]> = {}) =>
  startBelow({ directory: await temporaryDirectory(), ...options });

const deferredTo = (above: NodeAbove, text: string) => {
  const { deliveryId, deviceId } = above.delivered.at(-1) ?? { deliveryId: '', deviceId: '' };
  above.deferred = [{ deliveryId, deviceId, answer: { inReplyTo: deliveryId, outcome: 'succeeded', text } }];
};

/** @spec R6 */
test('A: the answer from above is the answer to the device', async () => {
  const { call, pass, steps, above, stores } = await start();
  await pass(Seconds(1));
  const answer = call('call-1');
  await pass(Seconds(1));
  expect(await answer).toEqual({ inReplyTo: 'call-1', outcome: 'succeeded', text: 'succeeded from above' });
  expect(steps).toEqual(['S704 call-1', 'S706 call-1']);
  expect(above.delivered).toMatchObject([
    {
      deviceId: 'mfp-1',
      route: { node: ['site-a'] },
      body: { kind: 'UserCall', value: { callId: 'call-1' } },
    },
  ]);
  expect(above.delivered[0]).toHaveProperty('at');
  expect(above.delivered[0]).not.toHaveProperty('answeredAs');
  expect(stores.deliveries.count()).toBe(0);
});

/** @spec R7 */
test('B: where the server is silent the device is told within its time, and the call goes up as a missed one', async () => {
  const { call, pass, steps, above, panel, clock } = await start();
  above.answer = () => 'silent';
  await pass(Seconds(1));
  const began = clock.now();
  let answeredAt = 0;
  const answer = call('call-1').finally(() => {
    answeredAt = clock.now();
  });
  await pass(Seconds(25));
  expect(await answer).toMatchObject({ inReplyTo: 'call-1', outcome: 'failed' });
  expect(answeredAt - began).toBe(20_000);
  expect(steps).toEqual(['S704 call-1', 'S709 call-1']);
  above.answer = () => 'succeeded';
  await pass(Minutes(2));
  expect(above.delivered.map(({ answeredAs }) => answeredAs)).toEqual([undefined, 'failed']);
  expect(panel.shown).toEqual([
    {
      deviceId: 'mfp-1',
      inReplyTo: 'call-1',
      outcome: 'succeeded',
      text: 'succeeded from above',
      requestId: above.delivered[0]?.deliveryId,
    },
  ]);
  expect(steps).toEqual(['S704 call-1', 'S709 call-1', 'S706 call-1']);
});

test('somebody who waits is worth a try at once, however long the pause for a silent server', async () => {
  const { call, pass, above } = await start();
  above.down = true;
  await pass(Minutes(30));
  above.down = false;
  const answer = call('call-1');
  await pass(Seconds(1));
  expect(await answer).toMatchObject({ outcome: 'succeeded' });
});

describe('a delay notice', () => {
  /** @spec R4 */
  test('is passed on, and the answer that follows is shown once and acknowledged', async () => {
    const { call, pass, steps, above, panel } = await start();
    above.answer = () => 'pending';
    await pass(Seconds(1));
    const answer = call('call-1');
    await pass(Seconds(1));
    expect(await answer).toMatchObject({ inReplyTo: 'call-1', outcome: 'pending' });
    deferredTo(above, 'Paper is on its way');
    await pass(Seconds(10));
    expect(panel.shown).toMatchObject([{ inReplyTo: 'call-1', text: 'Paper is on its way' }]);
    expect(above.received).toEqual([above.delivered[0]?.deliveryId]);
    expect(above.deferred).toEqual([]);
    expect(steps).toEqual(['S704 call-1', 'S706 call-1', 'S706 call-1']);
    expect(await call('call-1')).toMatchObject({ outcome: 'pending' });
    expect(above.delivered).toHaveLength(1);
  });

  /** @spec R4 X6 */
  test('survives a restart at every turn', async () => {
    const directory = await temporaryDirectory();
    const [above, panel] = [new NodeAbove(), new Panel()];
    above.answer = () => 'pending';
    const first = await startBelow({ directory, above, panel });
    await first.pass(Seconds(1));
    const answer = first.call('call-1');
    await first.pass(Seconds(1));
    expect(await answer).toMatchObject({ outcome: 'pending' });
    await first.kill();

    panel.fails = 'unreachable';
    const second = await startBelow({ directory, above, panel, clock: first.clock });
    deferredTo(above, 'Soon');
    await second.pass(Seconds(10));
    expect(above.deferred).toEqual([]);
    expect(panel.shown).toEqual([]);
    await second.kill();

    panel.fails = undefined;
    const third = await startBelow({ directory, above, panel, clock: first.clock });
    await third.pass(Seconds(1));
    expect(panel.shown).toMatchObject([{ inReplyTo: 'call-1', text: 'Soon' }]);
    await third.kill();

    const fourth = await startBelow({ directory, above, panel, clock: first.clock });
    await fourth.pass(Minutes(10));
    expect(panel.shown).toHaveLength(1);
    expect(await fourth.call('call-1')).toMatchObject({ outcome: 'pending' });
    expect(above.delivered).toHaveLength(1);
  });

  test('of a call that is not known, or of another device, is acknowledged and shown nowhere', async () => {
    const { call, pass, above, panel, logger } = await start();
    above.answer = () => 'pending';
    await pass(Seconds(1));
    const answer = call('call-1');
    await pass(Seconds(1));
    await answer;
    const { deliveryId = '' } = above.delivered[0] ?? {};
    const reply = { inReplyTo: deliveryId, outcome: 'succeeded' as const, text: 'Forged' };
    above.deferred = [
      { deliveryId: 'unknown', deviceId: 'mfp-1', answer: reply },
      { deliveryId, deviceId: 'mfp-2', answer: reply },
    ];
    await pass(Seconds(10));
    expect(above.received).toEqual(['unknown', deliveryId]);
    expect(panel.shown).toEqual([]);
    expect(logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(2);
  });
});

describe('a result for the panel', () => {
  const late = async (fails: string) => {
    const site = await start();
    site.above.answer = () => 'pending';
    await site.pass(Seconds(1));
    const answer = site.call('call-1');
    await site.pass(Seconds(1));
    await answer;
    site.panel.fails = fails;
    deferredTo(site.above, 'Soon');
    await site.pass(Minutes(10));
    return site;
  };
  const said = (site: Awaited<ReturnType<typeof late>>) =>
    site.stores.said.find(site.above.delivered[0]?.deliveryId ?? '');

  test('is tried until the device is back', async () => {
    const site = await late('device-unreachable');
    expect(said(site)).toMatchObject({ state: 'late' });
    site.panel.fails = undefined;
    const registered = site.stores.devices.get('mfp-1');
    if (registered !== undefined) site.below.onRegistered(registered, registered);
    await site.pass(Seconds(1));
    expect(site.panel.shown).toHaveLength(1);
    expect(said(site)).toMatchObject({ state: 'shown' });
  });

  test('is given up when it is too old', async () => {
    const site = await late('device-unreachable');
    await site.pass(Hours(25));
    site.panel.fails = undefined;
    await site.pass(Hours(1));
    expect([said(site)?.state, site.panel.shown]).toEqual(['lost', []]);
  });

  test('is given up when the device was released', async () => {
    const site = await late('device-unreachable');
    site.stores.devices.setReleased('mfp-1', true);
    site.panel.fails = undefined;
    await site.pass(Hours(1));
    expect([said(site)?.state, site.panel.shown]).toEqual(['lost', []]);
  });

  test('is given up when the device will not have it', async () => {
    const site = await late('result-refused');
    site.panel.fails = undefined;
    await site.pass(Hours(1));
    expect([said(site)?.state, site.panel.shown]).toEqual(['lost', []]);
  });
});

describe('a device that repeats itself', () => {
  /** @spec R3 */
  test('is one delivery and gets the same answer, also from the next process', async () => {
    const directory = await temporaryDirectory();
    const above = new NodeAbove();
    const first = await startBelow({ directory, above });
    await first.pass(Seconds(1));
    const answer = first.call('call-1');
    const noted = first.supply('notice-1');
    await first.pass(Seconds(1));
    await first.kill();
    const second = await startBelow({ directory, above, clock: first.clock });
    await second.pass(Seconds(1));
    expect(await second.call('call-1')).toEqual(await answer);
    expect(second.supply('notice-1')).toEqual(noted);
    await second.pass(Seconds(5));
    expect(above.delivered.map(({ body }) => body.kind)).toEqual(['UserCall', 'NotifySupply']);
  });

  test('while its call waits it waits with it', async () => {
    const { call, pass, above } = await start();
    above.down = true;
    await pass(Seconds(1));
    const [first, second] = [call('call-1'), call('call-1')];
    await pass(Seconds(5));
    above.down = false;
    await pass(Seconds(10));
    expect(await first).toEqual(await second);
    expect(above.delivered).toHaveLength(1);
  });

  test('after its connection broke it takes the answer that came in between', async () => {
    const { call, pass, above, panel } = await start();
    panel.fails = 'device-unreachable';
    above.down = true;
    await pass(Seconds(1));
    const gone = new AbortController();
    const first = call('call-1', 'mfp-1', gone.signal);
    await pass(Seconds(5));
    gone.abort();
    await expect(first).rejects.toMatchObject({ code: 'cancelled' });
    above.down = false;
    await pass(Minutes(2));
    expect(above.delivered).toMatchObject([{ answeredAs: 'failed' }]);
    expect(await call('call-1')).toMatchObject({ outcome: 'succeeded' });
    panel.fails = undefined;
    await pass(Hours(1));
    expect(panel.shown).toEqual([]);
  });

  test('with other content it is refused, and the first stays as it was', async () => {
    const { call, supply, pass, above } = await start();
    await pass(Seconds(1));
    supply('notice-1');
    expect(() => supply('notice-1', 'mfp-1', 90)).toThrow(
      expect.objectContaining({ code: 'delivery-reused' }),
    );
    const answer = call('call-1');
    await expect(call('call-1', 'mfp-1', undefined, 'other')).rejects.toMatchObject({
      code: 'delivery-reused',
    });
    supply('notice-1', 'mfp-2', 90);
    await pass(Seconds(5));
    await answer;
    expect(above.delivered.map(({ deviceId, body }) => [deviceId, body.kind])).toEqual([
      ['mfp-1', 'NotifySupply'],
      ['mfp-1', 'UserCall'],
      ['mfp-2', 'NotifySupply'],
    ]);
  });
});

describe('nobody is heard', () => {
  test('of a device that was released', async () => {
    const { call, stores } = await start();
    stores.devices.setReleased('mfp-1', true);
    await expect(call('call-1')).rejects.toMatchObject({ code: 'device-not-active' });
    expect(stores.deliveries.count()).toBe(0);
  });

  test.each([
    [undefined, 'not-authorised'],
    [{ role: 'intermediary', name: 'mfp-1' } as const, 'not-authorised'],
    [{ role: 'device', name: 'stranger' } as const, 'device-unknown'],
  ])('as %j', async (peer, code) => {
    const { below, stores } = await start();
    const { signal } = new AbortController();
    const value = { callId: 'call-1', at: stores.devices.get('mfp-1')?.lastContact ?? 0, reason: '' };
    await expect(below.words.call(value as never, { peer, signal })).rejects.toMatchObject({ code });
    expect(stores.deliveries.count()).toBe(0);
  });
});

test('a restart makes the calls that waited missed ones', async () => {
  const directory = await temporaryDirectory();
  const above = new NodeAbove();
  above.down = true;
  const first = await startBelow({ directory, above });
  const answer = first.call('call-1').catch(() => {});
  await first.pass(Seconds(5));
  await first.kill();
  above.down = false;
  const second = await startBelow({ directory, above, clock: first.clock });
  await second.pass(Minutes(1));
  expect(above.delivered).toMatchObject([{ answeredAs: 'failed' }]);
  expect(second.panel.shown).toHaveLength(1);
  await answer;
});
