import { Milliseconds, Seconds, sleep } from '@postern/core';
import type { Check } from '../check.ts';
import { playedDevice } from '../uplink/devices.ts';
import { callOf, supplyOf } from '../uplink/notices.ts';
import type { PlayedIntermediary } from '../uplink/played-intermediary.ts';
import { failed, notOffered } from '../verdicts.ts';
import { requireSame } from './orders.ts';
import type { OperatorTarget, ServerTarget } from './server-target.ts';

interface Noticing {
  readonly site: PlayedIntermediary;
  readonly operators: OperatorTarget;
  readonly target: ServerTarget;
  readonly deviceId: string;
  readonly signal: AbortSignal;
}

const ofDevice = (
  check: Omit<Check<ServerTarget>, 'run'>,
  work: (noticing: Noticing) => Promise<void>,
): Check<ServerTarget> => ({
  ...check,
  run: async (target, signal) => {
    const operators = target.operator();
    const { site } = target;
    const deviceId = site.newId();
    await site.withDevices([playedDevice(deviceId)], signal, () =>
      work({ site, operators, target, deviceId, signal }),
    );
  },
});

/** What comes up from devices, as operators see it, and what they answer. */
export const noticeChecks: readonly Check<ServerTarget>[] = [
  ofDevice(
    {
      id: 'notice-once',
      title: 'what was delivered twice is one notice, with what was said',
      section: 'Deliver, ListNotices, GetNotice, R3',
      level: 'required',
    },
    async ({ site, operators, target, deviceId, signal }) => {
      const body = supplyOf(site.newId(), target.clock);
      const delivery = { deliveryId: site.newId(), deviceId, body };
      await site.deliver(delivery, signal);
      await site.deliver(delivery, signal);
      const { notice } = (await operators.call('ListNotices', { deviceId }, signal)).page;
      requireSame(notice.length, 1, 'Notices of the device');
      const noticeId = notice[0]?.id ?? '';
      const { notice: whole } = await operators.call('GetNotice', { noticeId }, signal);
      requireSame(whole.content?.body, body, 'content');
      requireSame([whole.intermediary, whole.deviceId], [site.name, deviceId], 'intermediary and deviceId');
    },
  ),
  ofDevice(
    {
      id: 'notice-followed',
      title: 'whoever waits for notices is told at once, and told each once',
      section: 'FollowNotices',
      level: 'recommended',
    },
    async ({ site, operators, target, deviceId, signal }) => {
      const { clock } = target;
      const before = await operators.call('FollowNotices', { deviceId }, signal);
      const since = before.page.next;
      const following = operators.call(
        'FollowNotices',
        { deviceId, waitSeconds: 8, ...(since === undefined ? {} : { since }) },
        signal,
      );
      following.catch(() => {});
      await sleep(clock, Milliseconds(300), signal);
      const began = clock.monotonic();
      await site.deliver({ deviceId, body: supplyOf(site.newId(), clock) }, signal);
      const { notice, next } = (await following).page;
      requireSame(notice.length, 1, 'Notices that were told');
      if (Milliseconds(clock.monotonic() - began) > Seconds(4)) {
        throw failed('The notice was told late', 'End the wait as soon as there is a notice.');
      }
      if (next === undefined)
        throw failed('The page has no next', 'Answer the since of the next call in next.');
      const again = await operators.call('FollowNotices', { deviceId, since: next }, signal);
      requireSame(again.page.notice.length, 0, 'Notices that were told again');
    },
  ),
  ofDevice(
    {
      id: 'call-answered',
      title: "an operator's answer to a call goes down until it is acknowledged, and then no more",
      section: 'AnswerCall, DeferredResponse, R4',
      level: 'recommended',
    },
    async ({ site, operators, target, deviceId, signal }) => {
      const deliveryId = site.newId();
      const call = { deliveryId, deviceId, body: callOf(site.newId(), target.clock) };
      const { outcome } = await site.deliver(call, signal);
      if (outcome !== 'pending') throw notOffered('The server answers calls by itself');
      const [open] = (await operators.call('ListNotices', { deviceId, open: true }, signal)).page.notice;
      if (open === undefined)
        throw failed('ListNotices has no open call of it', 'List what waits for an answer.');
      const said = { outcome: 'succeeded', text: 'A conformance check' } as const;
      await operators.call('AnswerCall', { noticeId: open.id, ...said }, signal);
      const down = async (received: readonly string[]) => {
        const { deferredResponses } = await site.poll({ received: { id: received } }, { signal });
        return deferredResponses?.deferredResponse.find((one) => one.deliveryId === deliveryId);
      };
      const wanted = { deliveryId, deviceId, answer: { inReplyTo: deliveryId, ...said } };
      requireSame(await down([]), wanted, 'The deferred response');
      requireSame(await down([]), wanted, 'The deferred response that came again');
      requireSame(await down([deliveryId]), undefined, 'The deferred response after it was acknowledged');
      const { notice } = await operators.call('GetNotice', { noticeId: open.id }, signal);
      requireSame(notice.state, 'delivered', 'state');
    },
  ),
  ofDevice(
    {
      id: 'counters-kept',
      title: 'counters that came up are with the device',
      section: 'ListDevices, withCounters, R5',
      level: 'recommended',
    },
    async ({ site, operators, deviceId, signal }) => {
      const item = [{ name: 'pages', value: 4_711 }];
      await site.deliver(
        { deviceId, body: { kind: 'GetCountersResponse', value: { counters: { item } } } },
        signal,
      );
      const { device } = await operators.call('GetDevice', { deviceId }, signal);
      const kept = device.counters?.counter.map(({ name, value }) => ({ name, value }));
      requireSame(kept, item, 'counters');
    },
  ),
];
