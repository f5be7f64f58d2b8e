import type { intermediary, uplink } from '@postern/contracts';
import type { Check } from '../check.ts';
import { failed } from '../verdicts.ts';
import { requireSame, userCall } from './device-words.ts';
import { deliveryOf, ready, twice } from './exchanges.ts';
import { requestTo } from './happenings.ts';
import type { IntermediaryTarget } from './intermediary-target.ts';
import { onPurpose } from './played-server.ts';

/** A user call of the played device, answered by its intermediary. */
const press = (
  { device }: IntermediaryTarget,
  call: intermediary.UserCall,
  signal: AbortSignal,
): Promise<intermediary.Answer> => device.call((client) => client.call('UserCall', call, { signal }));

const isCall =
  ({ callId }: intermediary.UserCall) =>
  ({ body }: uplink.Deliver): boolean =>
    body.kind === 'UserCall' && body.value.callId === callId;

const requireAnswer = (
  answer: intermediary.Answer,
  callId: string,
  outcome: intermediary.Answer['outcome'],
): void => {
  if (answer.inReplyTo === callId && answer.outcome === outcome) return;
  throw failed(
    `The device was told ${answer.outcome} in reply to ${answer.inReplyTo}`,
    `Answer with inReplyTo ${callId} and the outcome ${outcome}.`,
  );
};

/** Waits until a result is shown at the device. */
const shown = async (
  { happenings, soon }: IntermediaryTarget,
  { callId }: intermediary.UserCall,
  signal: AbortSignal,
): Promise<void> => {
  const { outcome } = await happenings.first(
    'device-call',
    (call) => {
      const shows = requestTo(call, 'ShowResult');
      return shows?.inReplyTo === callId ? shows : undefined;
    },
    {
      otherwise: 'The later answer was not shown at the device',
      next: 'Call ShowResult of the device with the answer, inReplyTo its callId.',
      within: soon,
    },
    signal,
  );
  if (outcome === 'succeeded') return;
  throw failed(`The device was shown the outcome ${outcome}`, 'Show the answer as it came.');
};

/** User calls: answered, answered later, and with nobody who answers (Fig 11). */
export const callChecks: readonly Check<IntermediaryTarget>[] = [
  {
    id: 'user-call',
    title: 'a user call goes up with the way it took, and the answer comes back to the device',
    section: 'UserCall, Deliver, R3, R6',
    level: 'required',
    run: async (target, signal) => {
      const name = await target.firstPoll(target.soon, signal);
      await ready(target, signal);
      const { server, happenings, device } = target;
      const from = happenings.mark;
      const call = userCall(target);
      const text = 'somebody is on the way';
      const answer = await server.answering(
        async () => ({ outcome: 'succeeded', text }),
        () => press(target, call, signal),
      );
      const { deviceId, route, body } = await deliveryOf(
        target,
        isCall(call),
        { what: 'The user call', from },
        signal,
      );
      requireSame(call, body.value, 'UserCall');
      requireSame(device.id, deviceId, 'deviceId');
      requireSame([name], route.node, 'route');
      requireAnswer(answer, call.callId, 'succeeded');
      requireSame(text, answer.text, 'text of the answer');
    },
  },
  {
    id: 'user-call-pending',
    title:
      'a delay notice for a call reaches the device; the later answer is shown there and its receipt told',
    section: 'DeferredResponse, ShowResult, R4',
    level: 'recommended',
    run: async (target, signal) => {
      await ready(target, signal);
      const { server, happenings, device } = target;
      const from = happenings.mark;
      const call = userCall(target);
      const answer = await server.answering(
        async () => ({ outcome: 'pending', text: 'wait' }),
        () => press(target, call, signal),
      );
      requireAnswer(answer, call.callId, 'pending');
      const { deliveryId } = await deliveryOf(target, isCall(call), { what: 'The user call', from }, signal);
      const later = { inReplyTo: call.callId, outcome: 'succeeded', text: 'done' } as const;
      server.script.defer({ deliveryId, deviceId: device.id, answer: later });
      await shown(target, call, signal);
      await happenings.first(
        'poll',
        ({ poll }) => poll.received?.id.includes(deliveryId) || undefined,
        {
          otherwise: 'The later answer was not named as received',
          next: 'Name its deliveryId in received of the next Poll.',
          within: target.soon,
          from,
        },
        signal,
      );
    },
  },
  {
    id: 'user-call-silent',
    title: 'when the server is silent the device is told that its call failed; it still comes up, marked so',
    section: 'Deliver answeredAs, R7',
    level: 'required',
    run: async (target, signal) => {
      await ready(target, signal);
      const { server } = target;
      const call = userCall(target);
      const silence = new AbortController();
      const silent = (_: uplink.Deliver, gone: AbortSignal): Promise<never> =>
        new Promise((_resolve, reject) => {
          const over = (): void => reject(onPurpose('Silent on purpose'));
          if (silence.signal.aborted || gone.aborted) over();
          silence.signal.addEventListener('abort', over, { once: true });
          gone.addEventListener('abort', over, { once: true });
        });
      try {
        const answer = await server.answering(silent, () =>
          target.device.call((client) =>
            client.call('UserCall', call, { signal, deadline: twice(target.soon) }),
          ),
        );
        requireAnswer(answer, call.callId, 'failed');
      } finally {
        silence.abort();
      }
      const { answeredAs } = await deliveryOf(
        target,
        (delivery) => isCall(call)(delivery) && delivery.answeredAs !== undefined,
        { what: 'The missed call, marked with answeredAs,', from: 0 },
        signal,
      );
      requireSame('failed', answeredAs, 'answeredAs');
      await shown(target, call, signal);
    },
  },
];
