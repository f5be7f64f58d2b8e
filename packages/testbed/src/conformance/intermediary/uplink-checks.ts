import type { uplink } from '@postern/contracts';
import { Milliseconds, randomId, Seconds, sleep } from '@postern/core';
import type { Check } from '../check.ts';
import { failed, notOffered } from '../verdicts.ts';
import { ask, GET_COUNTERS, ready, twice } from './exchanges.ts';
import type { Happening } from './happenings.ts';
import type { IntermediaryTarget } from './intermediary-target.ts';

const POLL_AGAIN = 'Call again after a pause; pauses may grow, but not beyond a minute.';

/** The next poll that comes after now. */
const nextPoll = (
  { happenings, soon }: IntermediaryTarget,
  signal: AbortSignal,
  within = soon,
): Promise<Extract<Happening, { readonly kind: 'poll' }>> =>
  happenings.first(
    'poll',
    (poll) => poll,
    { otherwise: 'No further poll came', next: POLL_AGAIN, within, from: happenings.mark },
    signal,
  );

/** That whoever shows this certificate in place of the server's is asked for nothing. */
const turnsAway = (
  id: string,
  title: string,
  shown: (target: IntermediaryTarget) => IntermediaryTarget['strangeServer'],
): Check<IntermediaryTarget> => ({
  id,
  title,
  section: 'A1, docs/security.md',
  level: 'required',
  run: async (target, signal) => {
    const { happenings, server } = target;
    await target.firstPoll(target.soon, signal);
    const awaited = {
      otherwise: 'After its connections were cut it did not come again',
      next: POLL_AGAIN,
      within: twice(target.soon),
      from: happenings.mark,
    };
    const asked = await server.showing(shown(target), () =>
      happenings.first(
        'connection',
        (one) => (one.shown === 'other' ? one.asked : undefined),
        awaited,
        signal,
      ),
    );
    if (asked) {
      throw failed(
        'It sent its request to it',
        'Verify the certificate of the server: the CA of the installation, and urn:postern:server:NAME in it.',
      );
    }
    await nextPoll(target, signal, twice(target.soon));
  },
});

/** Whether a poll was sent only because it was time. */
const isIdle = ({ received, responses, delayNotices, devices }: uplink.Poll): boolean =>
  (received ?? responses ?? delayNotices ?? devices) === undefined;

const PAUSE = Seconds(2);
/** How much earlier than it was told a poll may come: clocks and timers are not exact. */
const SLACK = Milliseconds(100);
const WATCHED = Seconds(2);

/** Waits until the list of devices tells of the played device in this way. */
const told = (
  { happenings, device, soon }: IntermediaryTarget,
  from: number,
  fits: (change: uplink.DeviceChange, list: uplink.DeviceChanges) => boolean,
  awaited: { readonly otherwise: string; readonly next: string },
  signal: AbortSignal,
): Promise<uplink.DeviceChange> =>
  happenings.first(
    'poll',
    ({ poll: { devices } }) =>
      devices?.device?.find((change) => change.information.deviceId === device.id && fits(change, devices)),
    { ...awaited, within: soon, from },
    signal,
  );

/** How the intermediary calls out, and what it tells of its devices. */
export const uplinkChecks: readonly Check<IntermediaryTarget>[] = [
  {
    id: 'poll',
    title: 'it polls, and by the certificate it polls with is who its own contract says',
    section: 'Poll, R1, A1',
    level: 'required',
    run: async (target, signal) => {
      const name = await target.firstPoll(target.soon, signal);
      const request = { device: target.device.information() };
      const { intermediaryId } = await target.device.call((client) =>
        client.call('Register', request, { signal }),
      );
      if (intermediaryId === name) return;
      throw failed(
        `It polls as ${name}, and says to devices that it is ${intermediaryId}`,
        'Say the name of the certificate in RegisterResponse.',
      );
    },
  },
  turnsAway(
    'uplink-foreign-ca',
    'a server with a certificate of another CA is not polled',
    ({ strangeServer }) => strangeServer,
  ),
  turnsAway(
    'uplink-other-role',
    "a server that shows a device's certificate is not polled",
    ({ options }) => options.node,
  ),
  {
    id: 'poll-pause',
    title: 'the next poll comes when the server wants it, not before and not much later',
    section: 'PollResponse nextPollSeconds',
    level: 'recommended',
    run: async (target, signal) => {
      await target.firstPoll(target.soon, signal);
      const { happenings, server } = target;
      const from = happenings.mark;
      await server.pacing({ hold: Seconds(0), next: PAUSE }, async () => {
        const awaited = { otherwise: 'No further poll came', next: POLL_AGAIN, within: target.soon };
        const at = await happenings.first(
          'poll-answered',
          (answered) => (answered.empty && !answered.lost ? answered.at : undefined),
          { ...awaited, from },
          signal,
        );
        const place = happenings.place('poll-answered', (answered) => answered.at === at, from);
        const next = await happenings.first(
          'poll',
          (polled) => (isIdle(polled.poll) ? polled.at : undefined),
          { ...awaited, from: place + 1 },
          signal,
        );
        if (next - at >= PAUSE - SLACK) return;
        throw failed(
          `The next poll without content came after ${Math.round(next - at)} ms, not after ${PAUSE} ms`,
          'Wait nextPollSeconds before you poll again, unless there is something to tell.',
        );
      });
    },
  },
  {
    id: 'poll-hold',
    title: 'a poll that is to be held is waited for as long as it says',
    section: 'Poll holdSeconds',
    level: 'optional',
    run: async (target, signal) => {
      await target.firstPoll(target.soon, signal);
      const { happenings, server } = target;
      const from = happenings.mark;
      server.script.wake();
      const idle = await happenings.first(
        'poll',
        ({ poll }) => (isIdle(poll) ? poll : undefined),
        { otherwise: 'No further poll came', next: POLL_AGAIN, within: target.soon, from },
        signal,
      );
      if (idle.holdSeconds <= WATCHED / 1_000) {
        throw notOffered('Its polls are not to be held', 'Held polls bring an order down at once.');
      }
      const since = happenings.mark;
      await sleep(target.options.clock, WATCHED, signal);
      const again = happenings.of('poll', since).filter(({ poll }) => isIdle(poll)).length;
      const lost = happenings.of('poll-answered', since).some((answered) => answered.lost);
      if (again === 0 && !lost) return;
      throw failed(
        `It asked for ${idle.holdSeconds} s, and ${lost ? 'gave up' : 'polled again'} within ${WATCHED / 1_000} s`,
        'Keep the connection, with a read timeout above holdSeconds.',
      );
    },
  },
  {
    id: 'device-told',
    title: 'a device that registers with other software is told of with what it runs',
    section: 'Register, DeviceChanges, I2',
    level: 'required',
    run: async (target, signal) => {
      await ready(target, signal);
      const { happenings, device, options } = target;
      const version = `1.0.${randomId(options.entropy).slice(0, 12)}`;
      await device.behaving({ versions: { firmware: version } }, async () => {
        const from = happenings.mark;
        await target.register(device, signal);
        const { information, route, active } = await told(
          target,
          from,
          (change) => change.information.components.item?.some((item) => item.version === version) ?? false,
          {
            otherwise: 'No Poll told of it',
            next: 'Put a device that appears or changes into devices of the next Poll.',
          },
          signal,
        );
        if (information.model !== device.model) {
          throw failed(`It was told as the model ${information.model}`, 'Tell what the device said.');
        }
        if ((route?.node.length ?? 0) > 0 || active === false) {
          throw failed(
            'It was told of as the device of another, or as not active',
            'Your own devices have no route, and are active once they are adopted.',
          );
        }
      });
    },
  },
  {
    id: 'devices-told-again',
    title: 'a server that holds no list of devices is told the whole',
    section: 'DeviceChanges complete, devicesRevision',
    level: 'recommended',
    run: async (target, signal) => {
      await ready(target, signal);
      // What is to be told of devices goes up with its response, or before.
      await ask(target, GET_COUNTERS, signal);
      const from = target.happenings.mark;
      target.server.script.forgetDevices();
      await told(
        target,
        from,
        (_, { complete }) => complete,
        {
          otherwise: 'The whole list did not come',
          next: 'When devicesRevision is 0, or higher than yours, send all devices with complete.',
        },
        signal,
      );
    },
  },
];
