import { isDeepStrictEqual } from 'node:util';
import type { DeviceOperations, uplink } from '@postern/contracts';
import { Milliseconds, PosternError, randomId, Seconds, sleep } from '@postern/core';
import type { Check } from '../check.ts';
import { failed, notOffered } from '../verdicts.ts';
import { ask, contentOf, failureOf, GET_COUNTERS, ready, responseTo, twice } from './exchanges.ts';
import type { IntermediaryTarget } from './intermediary-target.ts';
import { COUNTERS } from './played-answers.ts';

type Kind = uplink.RequestBody['kind'];

/** How often the device was called with an operation since then. */
const callsOf = ({ happenings }: IntermediaryTarget, operation: Kind, from: number): readonly unknown[] =>
  happenings.of('device-call', from).filter((call) => call.operation === operation);

const same = (told: unknown, came: unknown): void => {
  if (isDeepStrictEqual(told, came)) return;
  throw failed(
    `The device answered ${JSON.stringify(told)}, and ${JSON.stringify(came)} came up`,
    'Put the answer of the device into the response as it is.',
  );
};

/** A request that only reads goes through to the device, and what it says comes up. */
const reading = (
  kind: Extract<Kind, keyof DeviceOperations>,
  section: string,
): Check<IntermediaryTarget> => ({
  id: kebab(kind),
  title: `${kind} is answered as the device answers it`,
  section: `${kind}, ${section}`,
  level: 'optional',
  run: async (target, signal) => {
    await ready(target, signal);
    const from = target.happenings.mark;
    const body = await ask(target, { kind, value: {} } as uplink.RequestBody, signal);
    if (body.kind === 'Failure') throw notOffered(`${failureOf(body).message} (${body.value.code})`);
    contentOf(`${kind}Response` as uplink.ResponseBody['kind'], body);
    if (callsOf(target, kind, from).length > 0) return;
    throw failed('The device was not asked', 'Ask the device, and answer as it does.');
  },
});

const kebab = (name: string): string => name.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase();

/** Seconds. */
const EXPIRES_IN = 2;

/** What comes down with the answer to a poll (Fig 10). */
export const requestChecks: readonly Check<IntermediaryTarget>[] = [
  {
    id: 'request-answered',
    title: 'a request is passed to the device, and what the device answers comes up',
    section: 'Request, GetCounters, R1, R5',
    level: 'required',
    run: async (target, signal) => {
      await ready(target, signal);
      same(COUNTERS, contentOf('GetCountersResponse', await ask(target, GET_COUNTERS, signal)));
    },
  },
  {
    id: 'request-received',
    title: 'a request is named as received, so that it need not come again',
    section: 'Poll received, R1',
    level: 'required',
    run: async (target, signal) => {
      await ready(target, signal);
      const { server, device, happenings } = target;
      const requestId = server.script.order({ body: GET_COUNTERS, target: device.id });
      await happenings.first(
        'poll',
        ({ poll }) => poll.received?.id.includes(requestId) || undefined,
        {
          otherwise: 'No Poll named the request as received',
          next: 'Store a request, then name its requestId in received of the next Poll.',
          within: target.soon,
        },
        signal,
      );
    },
  },
  {
    id: 'request-once',
    title: 'a request that comes twice is carried out once, and named as received again',
    section: 'Poll, R1',
    level: 'required',
    run: async (target, signal) => {
      await ready(target, signal);
      const { server, device, happenings, options } = target;
      const from = happenings.mark;
      const request = {
        requestId: `conformance-${randomId(options.entropy)}`,
        target: device.id,
        expiresInSeconds: 60,
        body: { kind: 'ExecuteCommand', value: { command: 'conformance' } },
      } as const;
      server.script.send(request);
      const answer = await responseTo(
        happenings,
        request.requestId,
        { what: 'ExecuteCommand', within: target.soon },
        signal,
      );
      contentOf('ExecuteCommandResponse', answer);
      const again = happenings.mark;
      server.script.send(request);
      await happenings.first(
        'poll',
        ({ poll }) => poll.received?.id.includes(request.requestId) || undefined,
        {
          otherwise: 'The request that came again was not named as received',
          next: 'Name every request that comes in received, also one that is known.',
          within: target.soon,
          from: again,
        },
        signal,
      );
      // A further one goes to the device behind whatever was begun for the second coming.
      await ask(target, GET_COUNTERS, signal);
      const times = callsOf(target, 'ExecuteCommand', from).length;
      if (times === 1) return;
      throw failed(
        `The device was told ${times} times to carry it out`,
        'Store each request by its requestId before you acknowledge it, and carry it out once.',
      );
    },
  },
  {
    id: 'request-identified',
    title: 'what changes something carries the requestId to the device',
    section: 'SetParameters requestId, docs/remote-management.md',
    level: 'optional',
    run: async (target, signal) => {
      await ready(target, signal);
      const { server, device, happenings } = target;
      const parameters = { item: [{ name: 'paper', value: 'A4' }] };
      const body = { kind: 'SetParameters', value: { parameters } } as const;
      const requestId = server.script.order({ body, target: device.id });
      contentOf(
        'SetParametersResponse',
        await responseTo(happenings, requestId, { what: 'SetParameters', within: target.soon }, signal),
      );
      const carried = happenings
        .of('device-call')
        .some(({ request }) => (request as { readonly requestId?: string }).requestId === requestId);
      if (carried) return;
      throw failed(
        'The call at the device has no requestId, or another',
        'Put the requestId of the request into the call: a device that remembers it does nothing twice.',
      );
    },
  },
  {
    id: 'response-repeated',
    title: 'a response whose receipt is lost comes again',
    section: 'Response, R1',
    level: 'required',
    run: async (target, signal) => {
      await ready(target, signal);
      const { server, device, happenings } = target;
      const requestId = server.script.order({ body: GET_COUNTERS, target: device.id });
      server.script.loseAnswerTo(requestId);
      await responseTo(happenings, requestId, { what: 'GetCounters', within: target.soon }, signal);
      const place = happenings.place('poll', ({ poll }) => carries(poll, requestId));
      await happenings.first(
        'poll',
        ({ poll }) => carries(poll, requestId) || undefined,
        {
          otherwise: 'The response did not come again',
          next: 'Keep a response until acknowledged of a PollResponse names it, and send it again when an exchange fails.',
          within: twice(target.soon),
          from: place + 1,
        },
        signal,
      );
    },
  },
  {
    id: 'request-delayed',
    title: 'a request that takes longer is told of with a delay notice, and answered later',
    section: 'DelayNotice, R2',
    level: 'recommended',
    run: async (target, signal) => {
      await ready(target, signal);
      const { server, device, happenings } = target;
      const release = new AbortController();
      const slow = async () => {
        await new Promise<void>((resolve) => {
          release.signal.addEventListener('abort', () => resolve(), { once: true });
        });
        return COUNTERS;
      };
      await device.behaving({ answers: { GetCounters: slow } }, async () => {
        try {
          const requestId = server.script.order({ body: GET_COUNTERS, target: device.id });
          await happenings.first(
            'poll',
            ({ poll }) =>
              poll.delayNotices?.delayNotice.some((notice) => notice.requestId === requestId) || undefined,
            {
              otherwise: 'No delay notice came while the device took its time',
              next: 'Name a request that is not answered within two seconds in delayNotices of a Poll.',
              within: target.soon,
            },
            signal,
          );
          release.abort();
          same(
            COUNTERS,
            contentOf(
              'GetCountersResponse',
              await responseTo(happenings, requestId, { what: 'GetCounters', within: target.soon }, signal),
            ),
          );
        } finally {
          release.abort();
        }
      });
    },
  },
  {
    id: 'request-refused',
    title: 'what the device refuses comes up as a Failure with its code',
    section: 'Response Failure, R1',
    level: 'required',
    run: async (target, signal) => {
      await ready(target, signal);
      const refuse = async (): Promise<never> => {
        throw new PosternError('command-unknown', 'There is no such command');
      };
      await target.device.behaving({ answers: { ExecuteCommand: refuse } }, async () => {
        const body = { kind: 'ExecuteCommand', value: { command: 'no-such' } } as const;
        const { code } = failureOf(await ask(target, body, signal));
        if (code === 'command-unknown') return;
        throw failed(
          `The device refused with command-unknown, and ${code} came up`,
          'Pass the Failure in the detail of the fault of the device on.',
        );
      });
    },
  },
  {
    id: 'request-expired',
    title: 'a request whose device stays silent is answered when it expires',
    section: 'Request expiresInSeconds, R1',
    level: 'recommended',
    run: async (target, signal) => {
      await ready(target, signal);
      const { server, device, happenings, options } = target;
      const silent = new AbortController();
      const never = async () => {
        await sleep(options.clock, Seconds(60), silent.signal);
        return COUNTERS;
      };
      await device.behaving({ answers: { GetCounters: never } }, async () => {
        try {
          const requestId = server.script.order({
            body: GET_COUNTERS,
            target: device.id,
            expiresInSeconds: EXPIRES_IN,
          });
          failureOf(
            await responseTo(
              happenings,
              requestId,
              { what: 'GetCounters', within: Milliseconds(Seconds(EXPIRES_IN) + target.soon) },
              signal,
            ),
          );
        } finally {
          silent.abort();
        }
      });
    },
  },
  {
    id: 'request-device-unknown',
    title: 'a request for a device that is not there is refused with a Failure',
    section: 'Response Failure, docs/errors.md',
    level: 'required',
    run: async (target, signal) => {
      await target.firstPoll(target.soon, signal);
      const { server, happenings, options } = target;
      const nobody = `no-${randomId(options.entropy).slice(0, 20)}`;
      const requestId = server.script.order({ body: GET_COUNTERS, target: nobody });
      failureOf(
        await responseTo(happenings, requestId, { what: 'GetCounters', within: target.soon }, signal),
      );
    },
  },
  {
    id: 'request-route-loop',
    title: 'a request whose route names the intermediary itself is refused, and the device not asked',
    section: 'Request route, T2, docs/remote-management.md',
    level: 'recommended',
    run: async (target, signal) => {
      const name = await target.firstPoll(target.soon, signal);
      await ready(target, signal);
      const { server, device, happenings } = target;
      const from = happenings.mark;
      const requestId = server.script.order({ body: GET_COUNTERS, target: device.id, route: [name] });
      failureOf(
        await responseTo(happenings, requestId, { what: 'GetCounters', within: target.soon }, signal),
      );
      if (callsOf(target, 'GetCounters', from).length === 0) return;
      throw failed('The device was asked all the same', 'Look at the route before anything else.');
    },
  },
  reading('GetDeviceInformation', 'I1'),
  reading('GetParameters', 'I1'),
  reading('CollectLogs', 'I1, I2'),
  reading('ConfirmAlive', 'I2'),
  reading('GetApplications', 'I3'),
  reading('ListFiles', 'I3'),
];

const carries = ({ responses }: uplink.Poll, requestId: string): boolean =>
  responses?.response.some((response) => response.requestId === requestId) ?? false;
