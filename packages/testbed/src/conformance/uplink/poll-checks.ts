import type { uplink } from '@postern/contracts';
import { errorCode, Milliseconds, Seconds, sleep } from '@postern/core';
import { isRemoteFault } from '@postern/soap-rpc';
import type { Check } from '../check.ts';
import { failed, notOffered, refusedWithReason } from '../verdicts.ts';
import { playedDevice } from './devices.ts';
import { supplyOf } from './notices.ts';
import { GRACE, type PlayedIntermediary } from './played-intermediary.ts';
import type { UplinkTarget } from './uplink-target.ts';

/** Looks whether polls are held: the first of a session may be answered at once, to ask for the list of devices. */
const LOOKS = 3;
const HOUR_SECONDS = 3_600;

/** Poll itself: when it is answered, and what it may bring. */
export const pollChecks: readonly Check<UplinkTarget>[] = [
  {
    id: 'poll-answered',
    title: 'a poll that is not to be held is answered at once',
    section: 'Poll, R1',
    level: 'required',
    run: async ({ site }, signal) => {
      await site.heldPoll(0, {}, signal);
    },
  },
  {
    id: 'poll-pause',
    title:
      'whoever does not want to be held is told when to poll again: after a second at least, within an hour',
    section: 'PollResponse',
    level: 'recommended',
    run: async ({ site }, signal) => {
      const { nextPollSeconds } = await site.poll({}, { signal });
      if (nextPollSeconds >= 1 && nextPollSeconds <= HOUR_SECONDS) return;
      throw failed(
        `nextPollSeconds is ${nextPollSeconds}`,
        'Say how long an order may wait for the next poll. Without a pause intermediaries would poll without an end.',
      );
    },
  },
  {
    id: 'poll-held',
    title: 'a poll with nothing to bring down is held open',
    section: 'Poll, R1',
    level: 'recommended',
    run: async ({ site }, signal) => {
      for (let look = 0; look < LOOKS; look += 1) {
        const { took } = await site.heldPoll(2, {}, signal);
        if (took >= Seconds(1)) return;
      }
      throw failed(
        `${LOOKS} polls with holdSeconds 2 were answered at once`,
        'Hold the answer until something is to go down, or holdSeconds are over: orders begin at once then.',
      );
    },
  },
  {
    id: 'poll-hold-ends',
    title: 'a held poll is answered within the time that it asked for',
    section: 'Poll',
    level: 'required',
    run: async ({ site }, signal) => {
      for (let look = 0; look < LOOKS; look += 1) {
        const { took } = await site.heldPoll(1, {}, signal);
        if (took >= Milliseconds(500)) return;
      }
    },
  },
  {
    id: 'poll-newer-ends',
    title: 'a newer poll ends one that is held',
    section: 'Poll',
    level: 'recommended',
    run: async ({ site, clock }, signal) => {
      for (let look = 0; look < LOOKS; look += 1) {
        const over = new AbortController();
        const held = site.heldPoll(15, {}, AbortSignal.any([signal, over.signal]));
        const isAnswered = () => held.then(() => true);
        try {
          const early = await Promise.race([isAnswered(), sleep(clock, Milliseconds(300), signal)]);
          if (early === true) continue;
          await site.poll({}, { signal });
          if (await Promise.race([isAnswered(), sleep(clock, GRACE, signal)])) return;
        } finally {
          over.abort();
          await held.catch(() => {});
        }
        throw failed(
          'The older poll was held on',
          'Answer the older one as soon as the same node polls again: its connection is probably dead.',
        );
      }
      throw notOffered('Polls are not held');
    },
  },
  {
    id: 'received-unknown',
    title: 'a thousand receipts of what nobody has sent are no mistake',
    section: 'Poll, received',
    level: 'required',
    run: async ({ site }, signal) => {
      const id = Array.from({ length: 1_000 }, () => site.newId());
      await site.poll({ received: { id } }, { signal });
    },
  },
  {
    id: 'response-unknown',
    title: 'a response to a request that nobody has sent is acknowledged, or refused with request-foreign',
    section: 'Poll, R1, docs/errors.md',
    level: 'required',
    run: async ({ site, clock }, signal) => {
      const requestId = site.newId();
      const body = {
        kind: 'ConfirmAliveResponse',
        value: { startedAt: clock.now(), state: 'ready' },
      } as const;
      const response = [{ requestId, at: clock.now(), body }];
      const answer = await unlessForeign(site, { responses: { response } }, signal);
      if (answer === undefined || answer.acknowledged?.id.includes(requestId)) return;
      throw failed('It was neither acknowledged nor refused', OR_IT_COMES_AGAIN);
    },
  },
  {
    id: 'delay-unknown',
    title: 'a delay notice of a request that nobody has sent is taken, or refused with request-foreign',
    section: 'Poll, R2, docs/errors.md',
    level: 'required',
    run: async ({ site }, signal) => {
      const delayNotice = [{ requestId: site.newId(), phase: 'running' }];
      await unlessForeign(site, { delayNotices: { delayNotice } }, signal);
    },
  },
  {
    id: 'poll-refused-whole',
    title: 'a poll that is refused has changed nothing',
    section: 'Poll, docs/remote-management.md',
    level: 'recommended',
    run: async ({ site, clock }, signal) => {
      const deviceId = site.newId();
      await site.withDevices([], signal, async () => {
        const devices = { revision: site.nextRevision(), complete: true, device: [playedDevice(deviceId)] };
        const delayNotices = { delayNotice: [{ requestId: site.newId() }] };
        const answer = await unlessForeign(site, { devices, delayNotices }, signal);
        // One that was taken as a whole is as good.
        const delivery = site.deliver({ deviceId, body: supplyOf(site.newId(), clock) }, signal);
        if (answer !== undefined) await delivery;
        else await refusedWithReason(delivery, 'A device of the poll that was refused');
      });
    },
  },
];

const OR_IT_COMES_AGAIN =
  'Refuse it with request-foreign, or name it in acknowledged: otherwise it comes again for ever.';

/** Undefined where the poll was refused because it speaks of a request that never went down. */
export const unlessForeign = async (
  site: PlayedIntermediary,
  changes: Partial<uplink.Poll>,
  signal: AbortSignal,
): Promise<uplink.PollResponse | undefined> => {
  try {
    return await site.poll(changes, { signal });
  } catch (error) {
    if (!isRemoteFault(error)) throw error;
    if (errorCode(error, '') === 'request-foreign') return undefined;
    throw failed(`It was refused with ${error.code}`, OR_IT_COMES_AGAIN);
  }
};
