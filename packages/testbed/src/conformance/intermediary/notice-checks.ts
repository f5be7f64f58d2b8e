import { isDeepStrictEqual } from 'node:util';
import type { intermediary, uplink } from '@postern/contracts';
import { randomId } from '@postern/core';
import type { Check } from '../check.ts';
import { failed, refusedWithReason } from '../verdicts.ts';
import { deliveryOf, ready, twice } from './exchanges.ts';
import { requestTo } from './happenings.ts';
import type { IntermediaryTarget } from './intermediary-target.ts';
import { onPurpose } from './played-server.ts';

const newId = ({ options }: IntermediaryTarget, what: string): string =>
  `${what}-${randomId(options.entropy).slice(0, 20)}`;

const userCall = (target: IntermediaryTarget): intermediary.UserCall => ({
  callId: newId(target, 'call'),
  at: target.options.clock.now(),
  reason: 'conformance check',
});

const supply = (target: IntermediaryTarget): intermediary.NotifySupply => ({
  noticeId: newId(target, 'supply'),
  at: target.options.clock.now(),
  supply: 'toner-black',
  remainingPercent: 12,
});

const abnormality = (target: IntermediaryTarget): intermediary.NotifyAbnormality => ({
  noticeId: newId(target, 'abnormality'),
  at: target.options.clock.now(),
  code: 'fuser-temperature',
  text: 'conformance check',
});

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

const isNotice =
  (noticeId: string) =>
  ({ body }: uplink.Deliver): boolean =>
    (body.kind === 'NotifySupply' || body.kind === 'NotifyAbnormality') && body.value.noticeId === noticeId;

const requireSame = (wanted: unknown, came: unknown, what: string): void => {
  if (isDeepStrictEqual(wanted, came)) return;
  throw failed(
    `${what}: ${JSON.stringify(came)}, not ${JSON.stringify(wanted)}`,
    'Pass on what was said as it is; a route begins with the intermediary that took it from the device.',
  );
};

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

/** What devices say, on its way up (Fig 11). */
export const noticeChecks: readonly Check<IntermediaryTarget>[] = [
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
  {
    id: 'notices',
    title: 'notices of supplies and of what is wrong go up as they are, in their order',
    section: 'NotifySupply, NotifyAbnormality, R3',
    level: 'required',
    run: async (target, signal) => {
      await ready(target, signal);
      const { happenings, device } = target;
      const from = happenings.mark;
      const [low, broken] = [supply(target), abnormality(target)];
      await device.call(async (client) => {
        await client.call('NotifySupply', low, { signal });
        await client.call('NotifyAbnormality', broken, { signal });
      });
      const first = await deliveryOf(target, isNotice(low.noticeId), { what: 'NotifySupply', from }, signal);
      const second = await deliveryOf(
        target,
        isNotice(broken.noticeId),
        { what: 'NotifyAbnormality', from },
        signal,
      );
      requireSame(low, first.body.value, 'NotifySupply');
      requireSame(broken, second.body.value, 'NotifyAbnormality');
      const [before, after] = [low, broken].map(({ noticeId }) =>
        happenings.place('delivery', ({ delivery }) => isNotice(noticeId)(delivery), from),
      );
      if ((before ?? 0) < (after ?? 0)) return;
      throw failed('The later notice came first', 'Deliver what a device says in the order it came.');
    },
  },
  {
    id: 'notice-once',
    title: 'a notice that the device repeats is one delivery',
    section: 'Deliver deliveryId, docs/remote-management.md',
    level: 'required',
    run: async (target, signal) => {
      await ready(target, signal);
      const { happenings, device } = target;
      const from = happenings.mark;
      const low = supply(target);
      const last = abnormality(target);
      await device.call(async (client) => {
        await client.call('NotifySupply', low, { signal });
        await client.call('NotifySupply', low, { signal });
        await client.call('NotifyAbnormality', last, { signal });
      });
      await deliveryOf(target, isNotice(last.noticeId), { what: 'NotifyAbnormality', from }, signal);
      const ids = happenings
        .of('delivery', from)
        .filter(({ delivery }) => isNotice(low.noticeId)(delivery))
        .map(({ delivery }) => delivery.deliveryId);
      if (new Set(ids).size === 1) return;
      throw failed(
        `It came up as ${new Set(ids).size} deliveries`,
        "Make the deliveryId of the device, the kind and the device's own identifier.",
      );
    },
  },
  {
    id: 'notice-reused',
    title: 'the same identifier with another content is refused',
    section: 'docs/errors.md delivery-reused',
    level: 'recommended',
    run: async (target, signal) => {
      await ready(target, signal);
      const low = supply(target);
      await target.device.call(async (client) => {
        await client.call('NotifySupply', low, { signal });
        const other = client.call('NotifySupply', { ...low, remainingPercent: 99 }, { signal });
        await refusedWithReason(other, 'Another content under the same noticeId');
      });
    },
  },
  {
    id: 'delivery-repeated',
    title: 'a delivery that the server could not take comes again, as the same',
    section: 'Deliver, R3',
    level: 'required',
    run: async (target, signal) => {
      await ready(target, signal);
      const { server, happenings, device } = target;
      const from = happenings.mark;
      const low = supply(target);
      let refused = false;
      const once = async () => {
        if (refused) return { outcome: 'succeeded', text: 'taken' } as const;
        refused = true;
        throw onPurpose('Busy on purpose');
      };
      await server.answering(once, async () => {
        await device.call((client) => client.call('NotifySupply', low, { signal }));
        const first = await deliveryOf(
          target,
          isNotice(low.noticeId),
          { what: 'NotifySupply', from },
          signal,
        );
        const place = happenings.place('delivery', ({ delivery }) => isNotice(low.noticeId)(delivery), from);
        const second = await deliveryOf(
          target,
          isNotice(low.noticeId),
          { what: 'NotifySupply, after it was refused for now,', from: place + 1 },
          signal,
        );
        requireSame(first.deliveryId, second.deliveryId, 'deliveryId');
      });
    },
  },
  {
    id: 'refused-not-forwarded',
    title: 'a notice that the schema does not allow goes nowhere',
    section: 'XSD, docs/security.md',
    level: 'required',
    run: async (target, signal) => {
      await ready(target, signal);
      const { happenings, device } = target;
      const from = happenings.mark;
      const last = abnormality(target);
      const low = supply(target);
      await refusedWithReason(
        device.call(
          (client) => client.call('NotifySupply', low, { signal }),
          (whole) => whole.replace('</NotifySupply>', '<backdoor>1</backdoor></NotifySupply>'),
        ),
        'A notice with an unknown element',
      );
      await device.call((client) => client.call('NotifyAbnormality', last, { signal }));
      await deliveryOf(target, isNotice(last.noticeId), { what: 'NotifyAbnormality', from }, signal);
      if (happenings.place('delivery', ({ delivery }) => isNotice(low.noticeId)(delivery), from) < 0) return;
      throw failed(
        'It was delivered all the same',
        'Store nothing of a document before it was read as a whole.',
      );
    },
  },
  {
    id: 'impersonation',
    title: 'a device that introduces itself under the name of another is refused',
    section: 'Register, NotifyStart, A1',
    level: 'required',
    run: async (target, signal) => {
      await ready(target, signal);
      const { device } = target;
      const deviceId = newId(target, 'other');
      await device.call(async (client) => {
        const registering = client.call(
          'Register',
          { device: { ...device.information(), deviceId } },
          { signal },
        );
        await refusedWithReason(registering, 'A registration under another name');
        const starting = client.call('NotifyStart', { ...device.startNotice(), deviceId }, { signal });
        await refusedWithReason(starting, 'A start notification under another name');
      });
    },
  },
];
