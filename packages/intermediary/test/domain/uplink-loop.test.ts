import { expect, test } from '@jest/globals';
import type { uplink } from '@postern/contracts';
import { type Duration, Minutes, PosternError, Seconds, sleep } from '@postern/core';
import { memoryLogger, seededEntropy, VirtualClock } from '@postern/core/testing';
import { Deliveries } from '../../src/domain/uplink/deliveries.ts';
import { runUplink } from '../../src/domain/uplink/uplink-loop.ts';
import { afterThisTest, temporaryDirectory } from '../support/directory.ts';
import { startProcess } from '../support/process.ts';
import { deviceInformation, START } from '../support/software.ts';

interface Poll extends uplink.Poll {
  /** Seconds since the start. */
  readonly at: number;
}

type Answer = Partial<uplink.PollResponse> | 'fail' | 'refuse' | 'hold';

/** The loop against a server that the test scripts: what it gets, and when. */
const start = async (answerTo: (poll: Poll, index: number) => Answer) => {
  const clock = new VirtualClock(START);
  const site = await startProcess({ directory: await temporaryDirectory(), clock });
  const polls: Poll[] = [];
  const received: string[] = [];
  const logger = memoryLogger();
  let endHeld: () => void = () => {};
  const poll = async (request: uplink.Poll, signal: AbortSignal): Promise<uplink.PollResponse> => {
    const seen = { ...request, at: (clock.now() - START) / 1_000 };
    polls.push(seen);
    endHeld();
    const answer = answerTo(seen, polls.length - 1);
    if (answer === 'fail') throw new PosternError('unreachable', 'No server');
    if (answer === 'refuse') throw new PosternError('request-foreign', 'Never sent');
    if (answer === 'hold' && request.holdSeconds > 0) {
      const newer = new Promise<void>((resolve) => {
        endHeld = resolve;
      });
      await Promise.race([sleep(clock, Seconds(request.holdSeconds), signal), newer]);
    }
    const extra = typeof answer === 'string' ? {} : answer;
    return { nextPollSeconds: 0, devicesRevision: site.registered.revision(), ...extra };
  };
  const deliveredUp: string[] = [];
  const settled: string[] = [];
  const refusals: string[] = [];
  const deliver = async ({ deliveryId, route }: uplink.Deliver): Promise<uplink.DeliverResponse> => {
    deliveredUp.push(`${deliveryId} by ${route.node.join()}`);
    if (refusals.includes(deliveryId)) throw new PosternError('delivery-refused', 'Not that');
    return { inReplyTo: deliveryId, outcome: 'succeeded', text: 'noted' };
  };
  const deliveries = new Deliveries({
    store: site.delivered,
    name: 'site-a',
    most: 3,
    clock,
    entropy: seededEntropy(2),
    logger,
    onSettled: (deliveryId) => settled.push(deliveryId),
  });
  const stop = new AbortController();
  const ended = runUplink(
    {
      poll,
      deliver,
      name: 'site-a',
      outgoing: site.outgoing,
      deliveries,
      onAnswer: ({ requests, acknowledged }) => {
        if (acknowledged !== undefined) site.requests.acknowledge(acknowledged.id);
        for (const { requestId } of requests?.request ?? []) {
          received.push(requestId);
          site.outgoing.acknowledge(requestId);
        }
      },
      capacity: () => 100,
      sessionId: 'session-1',
      polling: () => ({ hold: Seconds(50), interval: Seconds(0) }),
      exchangeTimeout: Seconds(30),
      pacing: { firstPause: Seconds(1), longestPause: Seconds(60) },
      clock,
      entropy: seededEntropy(1),
      logger,
    },
    stop.signal,
  );
  afterThisTest(async () => {
    stop.abort();
    await ended;
  });
  const pass = async (duration: Duration): Promise<void> => site.pass(duration);
  const answer = (requestId: string): void => {
    const facts = { requestId, target: 'site-a', kind: 'ConfirmAlive' as const, expiresAt: clock.now() };
    site.requests.add(facts);
    const value = { code: 'device-unknown', message: 'none' };
    site.requests.answer(requestId, clock.now(), { kind: 'Failure', value });
    site.outgoing.answered(requestId);
  };
  const queue = (deliveryId: string): void => {
    const value = { deviceId: 'mfp-1', program: 'firmware' as const };
    site.delivered.add({ deliveryId, deviceId: 'mfp-1', body: { kind: 'NotifyStart', value } });
    deliveries.limit();
    site.outgoing.wake();
  };
  const up = { deliveredUp, settled, refusals, queue };
  return { site, clock, polls, received, logger, pass, answer, stop, ended, up };
};

const responsesOf = ({ responses }: uplink.Poll): string[] =>
  responses?.response.map(({ requestId }) => requestId) ?? [];

/** @spec R1 */
test('an idle site holds one poll at a time', async () => {
  const { polls, pass } = await start(() => 'hold');
  await pass(Seconds(160));
  expect(polls.map(({ at, holdSeconds }) => [Math.round(at), holdSeconds])).toEqual([
    [0, 0],
    [0, 50],
    [50, 50],
    [100, 50],
    [150, 50],
  ]);
});

/** @spec R1 */
test('a request is acknowledged at once with a poll of its own, which ends the held one', async () => {
  const down = {
    requestId: 'r1',
    target: 'mfp-1',
    expiresInSeconds: 60,
    body: { kind: 'ConfirmAlive', value: {} },
  } as const;
  const { polls, received, pass } = await start((_poll, index) =>
    index === 1 ? { requests: { request: [down] } } : 'hold',
  );
  await pass(Seconds(10));
  expect(received).toEqual(['r1']);
  expect(polls.map(({ holdSeconds, received: ids }) => [holdSeconds, ids?.id ?? []])).toEqual([
    [0, []],
    [50, []],
    [0, ['r1']],
    [50, []],
  ]);
});

/** @spec R1 */
test('what waits at the same time goes up in one poll, and an answer until it is acknowledged', async () => {
  const { polls, pass, answer, site } = await start((poll) => {
    const ids = responsesOf(poll);
    return ids.length > 0 && poll.at > 20 ? { acknowledged: { id: ids } } : 'hold';
  });
  await pass(Seconds(1));
  answer('r1');
  answer('r2');
  await pass(Seconds(60));
  const sent = polls.filter((poll) => responsesOf(poll).length > 0);
  expect(sent.map(responsesOf)).toEqual([
    ['r1', 'r2'],
    ['r1', 'r2'],
  ]);
  expect(sent[1]?.at).toBeGreaterThanOrEqual(30);
  expect(site.requests.waiting()).toEqual([]);
});

/** @spec R1 */
test('an answer that the server refuses for good does not hold up the others', async () => {
  const { pass, answer, site, polls, logger } = await start((poll) => {
    const ids = responsesOf(poll);
    if (ids.includes('r2')) return 'refuse';
    return ids.length > 0 ? { acknowledged: { id: ids } } : 'hold';
  });
  for (const requestId of ['r1', 'r2', 'r3']) answer(requestId);
  await pass(Minutes(1));
  expect(site.requests.waiting()).toEqual([]);
  expect(polls.map(responsesOf).filter((ids) => ids.length > 0)).toEqual([
    ['r1', 'r2', 'r3'],
    ['r1'],
    ['r2'],
    ['r3'],
  ]);
  expect(
    logger.lines.filter(({ level }) => level === 'error').map(({ fields }) => fields['request']),
  ).toEqual(['r2']);
});

/** @spec R1 */
test('during an outage the site knocks ever more rarely, and sends all that waits when the server is back', async () => {
  let down = true;
  const { polls, pass, answer, logger } = await start((poll) => {
    if (down) return 'fail';
    const ids = responsesOf(poll);
    return ids.length > 0 ? { acknowledged: { id: ids } } : 'hold';
  });
  answer('r1');
  await pass(Minutes(10));
  const pauses = polls.slice(1).map(({ at }, index) => at - (polls[index]?.at ?? 0));
  expect(pauses.length).toBeLessThan(25);
  expect(Math.max(...pauses)).toBeLessThanOrEqual(61);
  expect(pauses[0]).toBeLessThanOrEqual(1);
  expect(pauses.at(-1)).toBeGreaterThanOrEqual(30);
  expect(logger.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  down = false;
  const before = polls.length;
  await pass(Minutes(2));
  const after = polls.slice(before);
  expect(after.flatMap(responsesOf)).toEqual(['r1']);
  expect(after[1]?.at).toBe(after[0]?.at);
});

test('an answer whose acknowledgement got lost goes up again', async () => {
  let lost = true;
  const { polls, pass, answer, site } = await start((poll) => {
    const ids = responsesOf(poll);
    if (ids.length === 0) return 'hold';
    if (lost) {
      lost = false;
      return 'fail';
    }
    return { acknowledged: { id: ids } };
  });
  answer('r1');
  await pass(Seconds(5));
  expect(polls.flatMap(responsesOf)).toEqual(['r1', 'r1']);
  expect(site.requests.waiting()).toEqual([]);
});

test('a server that does not hold is not polled in a busy loop', async () => {
  const { polls, pass } = await start(() => ({}));
  await pass(Minutes(10));
  expect(polls.length).toBeLessThan(30);
});

test('nextPollSeconds is honoured, but does not hold back what waits', async () => {
  const { polls, pass, answer } = await start((poll) => ({
    nextPollSeconds: 20,
    acknowledged: { id: responsesOf(poll) },
  }));
  await pass(Seconds(50));
  expect(polls.map(({ at }) => Math.round(at))).toEqual([0, 0, 20, 40]);
  answer('r1');
  await pass(Seconds(1));
  expect(responsesOf(polls[4] as Poll)).toEqual(['r1']);
});

test('the list of devices goes up whole at first, then by changes, and a server that refuses it is not pestered', async () => {
  let known = 0;
  let refuses = false;
  const { polls, pass, site } = await start((poll) => {
    if (!refuses) known = poll.devices?.revision ?? known;
    return poll.holdSeconds > 0 ? 'hold' : { devicesRevision: known };
  });
  site.registered.register(deviceInformation('mfp-1'), '192.0.2.1', START);
  site.registered.register(deviceInformation('mfp-2'), '192.0.2.2', START);
  await pass(Seconds(1));
  const changes = () =>
    polls.flatMap(({ devices }) =>
      devices === undefined
        ? []
        : [[devices.complete, devices.device.map(({ information }) => information.deviceId)]],
    );
  expect(changes()).toEqual([[true, ['mfp-1', 'mfp-2']]]);
  refuses = true;
  site.registered.register(deviceInformation('mfp-1'), '192.0.2.3', START);
  site.outgoing.devicesChanged();
  await pass(Minutes(2));
  expect(changes()[1]).toEqual([false, ['mfp-1']]);
  expect(changes().length).toBeLessThan(8);
});

/** @spec R2 */
test('an update is told of at once, then at most twice a second', async () => {
  const { polls, pass, site } = await start(() => 'hold');
  await pass(Seconds(1));
  site.outgoing.notices.open('job-1');
  await pass(Seconds(1));
  for (let bytes = 0; bytes < 100; bytes++) {
    site.outgoing.notices.tell('job-1', { progress: { doneBytes: bytes, totalBytes: 100 } });
    await site.clock.advance(Seconds(0.02));
  }
  await pass(Seconds(1));
  const notices = polls.flatMap(({ delayNotices }) => delayNotices?.delayNotice ?? []);
  expect(notices[0]).toEqual({ requestId: 'job-1' });
  expect(notices.length).toBeLessThanOrEqual(6);
  expect(notices.at(-1)?.progress?.doneBytes).toBe(99);
});

/** @spec R2 */
test('an update is told of again when the exchange that told of it broke', async () => {
  let broken = false;
  const { polls, pass, site } = await start(({ delayNotices }) => {
    if (delayNotices === undefined || broken) return 'hold';
    broken = true;
    return 'fail';
  });
  site.outgoing.notices.open('job-1');
  await pass(Seconds(5));
  expect(polls.flatMap(({ delayNotices }) => delayNotices?.delayNotice ?? [])).toHaveLength(2);
});

test('ending the loop ends the held poll at once', async () => {
  const { pass, stop, ended, polls } = await start(() => 'hold');
  await pass(Seconds(1));
  stop.abort();
  await ended;
  expect(polls).toHaveLength(2);
});

/** @spec I4 */
test('what goes up unasked goes once and in its order', async () => {
  const { up, pass, polls } = await start(() => 'hold');
  await pass(Seconds(5));
  up.queue('d-1');
  up.queue('d-2');
  await pass(Seconds(5));
  expect(up.deliveredUp).toEqual(['d-1 by site-a', 'd-2 by site-a']);
  expect(up.settled).toEqual(['d-1', 'd-2']);
  expect(polls.filter(({ holdSeconds }) => holdSeconds === 0)).toHaveLength(1);
});

/** @spec I4 */
test('a delivery that the server refuses lets the others pass, and is given up in the end', async () => {
  const { up, pass, logger } = await start(() => 'hold');
  up.refusals.push('d-1');
  up.queue('d-1');
  up.queue('d-2');
  await pass(Seconds(60));
  expect(up.settled).toEqual(['d-2', 'd-1', expect.stringMatching(/^own-/)]);
  expect(up.deliveredUp.filter((line) => line.startsWith('d-1'))).toHaveLength(5);
  expect(logger.lines.map(({ message }) => message)).toContain(
    'The server refuses a delivery; it is given up',
  );
});

/** @spec I4 */
test('of what waits for a server that stays away the oldest is given up', async () => {
  const { up, site } = await start(() => 'fail');
  for (const deliveryId of ['d-1', 'd-2', 'd-3', 'd-4']) up.queue(deliveryId);
  expect(up.settled).toEqual(['d-1']);
  expect(site.delivered.count()).toBe(3);
});
