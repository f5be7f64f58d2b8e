import { expect, test } from '@jest/globals';
import type { uplink } from '@postern/contracts';
import { Milliseconds, PosternError, Seconds } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import fc from 'fast-check';
import type { DeviceCall } from '../../../src/domain/requests/ask-device.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { request, requestingSite } from '../../support/requesting-site.ts';
import { deviceInformation, START } from '../../support/software.ts';

/** Room for requests without an answer. */
const ROOM = 4;
const EXPIRES_IN = Seconds(40);

const BODIES = {
  reads: { kind: 'GetCounters', value: {} },
  changes: {
    kind: 'SetParameters',
    value: { parameters: { item: [{ name: 'panel.language', value: 'de' }] } },
  },
} satisfies Record<string, uplink.RequestBody>;

/** How a device takes one call: whether it does what it is asked, and what the caller hears of it. */
type Behaviour = 'answers' | 'late' | 'refuses' | 'unreached' | 'answer-lost' | 'request-lost' | 'silent';

const DEVICES = { 'mfp-1': true, 'mfp-2': false } as const;
type DeviceId = keyof typeof DEVICES;

type Happening =
  | { readonly does: 'order'; readonly id: number }
  /** The server has not heard that it is there, and sends everything it has sent once more. */
  | { readonly does: 'repeat' }
  | { readonly does: 'exchange' | 'lose-exchange' }
  | { readonly does: 'pass'; readonly seconds: number }
  /** Lets so many promises settle, and no time pass: the next thing happens in the midst of the work. */
  | { readonly does: 'steps'; readonly count: number }
  | { readonly does: 'stop' | 'kill' };

interface Plan {
  readonly orders: readonly { readonly to: DeviceId; readonly what: keyof typeof BODIES }[];
  readonly behaviours: readonly Behaviour[];
  readonly happenings: readonly Happening[];
}

const MOST_ORDERS = 6;

const plans: fc.Arbitrary<Plan> = fc.record({
  orders: fc.array(
    fc.record({
      to: fc.constantFrom<DeviceId>('mfp-1', 'mfp-2'),
      what: fc.constantFrom<keyof typeof BODIES>('changes', 'changes', 'reads'),
    }),
    { minLength: MOST_ORDERS, maxLength: MOST_ORDERS },
  ),
  behaviours: fc.array(
    fc.constantFrom<Behaviour>(
      ...(['answers', 'late', 'refuses', 'unreached', 'answer-lost', 'request-lost', 'silent'] as const),
    ),
    { maxLength: 12 },
  ),
  happenings: fc.array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ does: fc.constant('order' as const), id: fc.nat(MOST_ORDERS - 1) }),
      },
      { weight: 1, arbitrary: fc.record({ does: fc.constant('repeat' as const) }) },
      {
        weight: 2,
        arbitrary: fc.record({ does: fc.constantFrom('exchange' as const, 'lose-exchange' as const) }),
      },
      {
        weight: 2,
        arbitrary: fc.record({
          does: fc.constant('pass' as const),
          seconds: fc.integer({ min: 1, max: 20 }),
        }),
      },
      { weight: 3, arbitrary: fc.record({ does: fc.constant('steps' as const), count: fc.nat(12) }) },
      { weight: 2, arbitrary: fc.record({ does: fc.constantFrom('stop' as const, 'kill' as const) }) },
    ),
    { minLength: 3, maxLength: 25 },
  ),
});

/** Two devices: one remembers what it has answered, the other does not. They outlive every process. */
class Devices {
  /** How often each request that changes something was carried out. */
  readonly carriedOut = new Map<string, number>();
  readonly #remembered = new Map<string, uplink.ResponseBody>();
  readonly #behaviours: Behaviour[];
  readonly #clock: VirtualClock;

  constructor(behaviours: readonly Behaviour[], clock: VirtualClock) {
    this.#behaviours = [...behaviours];
    this.#clock = clock;
  }

  /** Calls of one process: once it is dead they reach no device, and nobody hears what a device says. */
  callsOf(life: { alive: boolean }): DeviceCall {
    const call: DeviceCall = async (deviceId, asked, signal) => {
      const behaviour = this.#behaviours.shift() ?? 'answers';
      if (behaviour === 'unreached') throw new PosternError('unreachable', 'Nobody listens');
      if (behaviour === 'request-lost') throw new PosternError('connection-lost', 'On the way there');
      if (behaviour === 'late') {
        await new Promise<void>((resolve) => {
          this.#clock.schedule(Seconds(5), resolve);
        });
      }
      const answer =
        behaviour === 'refuses'
          ? ({ kind: 'Failure', value: { code: 'device-busy', message: 'No' } } as const)
          : this.#do(deviceId, asked);
      if (behaviour === 'answer-lost') throw new PosternError('connection-lost', 'On the way back');
      if (behaviour === 'silent') return silence(signal);
      return answer;
    };
    return (...rest) => (life.alive ? call(...rest) : new Promise(() => {}));
  }

  #do(deviceId: string, asked: uplink.RequestBody): uplink.ResponseBody {
    if (asked.kind !== 'SetParameters') {
      return { kind: 'GetCountersResponse', value: { counters: { item: [] } } };
    }
    const { requestId = '' } = asked.value as { readonly requestId?: string };
    const known = this.#remembered.get(requestId);
    if (known !== undefined && DEVICES[deviceId as DeviceId]) return known;
    this.carriedOut.set(requestId, (this.carriedOut.get(requestId) ?? 0) + 1);
    const answer = { kind: 'SetParametersResponse', value: { parameters: { item: [] } } } as const;
    this.#remembered.set(requestId, answer);
    return answer;
  }
}

const silence = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/** The site in all its lives, and the server as far as it goes: what it has ordered and heard. */
const runPlan = async ({ orders, behaviours, happenings }: Plan): Promise<void> => {
  const directory = await temporaryDirectory();
  const clock = new VirtualClock(START);
  const devices = new Devices(behaviours, clock);
  const sent = new Map<string, uplink.Request>();
  const received = new Set<string>();
  const answers = new Map<string, Set<string>>();

  let life = { alive: true };
  const boot = async () => {
    life = { alive: true };
    const call = devices.callsOf(life);
    const started = await requestingSite({ directory, clock, call, mostOpenRequests: ROOM, concurrency: 2 });
    for (const [id, remembersRequests] of Object.entries(DEVICES)) {
      started.registered.register(deviceInformation(id, { remembersRequests }), '192.0.2.1', START);
    }
    started.inbox.recover();
    return started;
  };
  let site = await boot();

  const take = (...requests: uplink.Request[]): void => {
    site.take(...requests);
    expect(site.requests.countOpen()).toBeLessThanOrEqual(ROOM);
  };
  const hear = (responses: readonly uplink.Response[]): void => {
    for (const { requestId, body } of responses) {
      const said = body.kind === 'Failure' ? body.value.code : body.kind;
      answers.set(requestId, (answers.get(requestId) ?? new Set()).add(said));
    }
  };
  const exchange = (): void => {
    const { received: there, responses } = site.exchange();
    for (const id of there) received.add(id);
    hear(responses);
  };
  const happen: { [K in Happening['does']]: (happening: Happening & { does: K }) => void | Promise<void> } = {
    order: ({ id }) => {
      const order = orders[id];
      if (order === undefined) return;
      const wanted = request(`r${id}`, BODIES[order.what], EXPIRES_IN, order.to);
      sent.set(wanted.requestId, wanted);
      take(wanted);
    },
    repeat: () => take(...sent.values()),
    exchange,
    // It went up, and the answer to it was lost: everything goes up again.
    'lose-exchange': () => {
      hear(site.outgoing.compose().responses?.response ?? []);
      site.outgoing.connectionLost();
    },
    pass: ({ seconds }) => clock.advance(Seconds(seconds)),
    steps: async ({ count }) => {
      for (let step = 0; step < count; step += 1) await Promise.resolve();
    },
    stop: async () => {
      await site.deviceRequests.close();
      site = await boot();
    },
    kill: async () => {
      life.alive = false;
      site = await boot();
    },
  };
  for (const happening of happenings) {
    await (happen[happening.does] as (of: Happening) => void | Promise<void>)(happening);
  }
  // In the end the line is good and all time runs out.
  await clock.advance(Milliseconds(EXPIRES_IN * 3));
  exchange();
  exchange();

  for (const [id, times] of devices.carriedOut) expect([id, times]).toEqual([id, 1]);
  for (const id of received) expect([id, site.requests.has(id)]).toEqual([id, true]);
  for (const id of sent.keys()) {
    expect([id, answers.get(id)?.size ?? 0]).toEqual([id, site.requests.has(id) ? 1 : 0]);
  }
  for (const [id, said] of answers) {
    if (devices.carriedOut.has(id)) expect([...said]).not.toContain('device-unreachable');
    else if (sent.get(id)?.body.kind === 'SetParameters')
      expect([...said]).not.toContain('SetParametersResponse');
  }
  expect([site.requests.countOpen(), site.requests.openBytes()]).toEqual([0, 0]);
  expect(site.requests.waiting()).toEqual([]);
};

/** @spec R1 X6 */
test('whatever happens: what changes something is done once at most, what was accepted is answered once', async () => {
  await fc.assert(fc.asyncProperty(plans, runPlan), { numRuns: 60 });
}, 60_000);
