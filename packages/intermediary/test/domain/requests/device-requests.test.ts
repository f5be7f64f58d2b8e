import { expect, test } from '@jest/globals';
import type { uplink } from '@postern/contracts';
import { PosternError, Seconds } from '@postern/core';
import type { DeviceCall } from '../../../src/domain/requests/ask-device.ts';
import type { DeviceRequest } from '../../../src/domain/requests/request-kinds.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { UPDATER } from '../../support/process.ts';
import { never, request, requestingSite } from '../../support/requesting-site.ts';
import { deviceInformation, START } from '../../support/software.ts';

const SET: uplink.RequestBody = {
  kind: 'SetParameters',
  value: { parameters: { item: [{ name: 'panel.language', value: 'de' }] } },
};
const WRITE: uplink.RequestBody = {
  kind: 'WriteFile',
  value: {
    name: 'notes.txt',
    length: 3,
    sha256: 'a'.repeat(64),
    offset: 0,
    content: new Uint8Array([0, 128, 255]),
  },
};
const COUNTERS: uplink.RequestBody = { kind: 'GetCounters', value: { names: { name: ['pages'] } } };

const COUNTED: uplink.ResponseBody = {
  kind: 'GetCountersResponse',
  value: { counters: { item: [{ name: 'pages', value: 17 }] } },
};
const DONE: uplink.ResponseBody = { kind: 'SetParametersResponse', value: { parameters: { item: [] } } };

/** Answers as written down, one after the other; an error's code for a call that fails. */
const scripted = (...script: readonly (uplink.ResponseBody | string | DeviceCall)[]) => {
  const calls: { readonly deviceId: string; readonly request: DeviceRequest }[] = [];
  const rest = [...script];
  const call: DeviceCall = async (deviceId, asked, signal) => {
    calls.push({ deviceId, request: asked });
    const next = rest.shift();
    if (next === undefined) throw new TypeError('Called too often');
    if (typeof next === 'string') throw new PosternError(next, 'Scripted');
    return typeof next === 'function' ? next(deviceId, asked, signal) : next;
  };
  return { call, calls };
};

const remembering = deviceInformation('mfp-1', { remembersRequests: true });

/** @spec R1 R5 */
test('a request goes to the device with its content, and the answer comes up with its own', async () => {
  const { call, calls } = scripted(COUNTED);
  const site = await requestingSite({ directory: await temporaryDirectory(), call });
  site.take(request('r1', COUNTERS));
  await site.settle();
  expect(calls).toEqual([{ deviceId: 'mfp-1', request: COUNTERS }]);
  const { received, delayed, responses } = site.exchange();
  expect({ received, delayed }).toEqual({ received: ['r1'], delayed: [] });
  expect(responses).toEqual([{ requestId: 'r1', at: START, body: COUNTED }]);
  expect(site.steps).toEqual([{ step: 'S603', node: UPDATER, subject: 'r1' }]);
});

/** @spec R1 */
test('what changes something carries the identifier of the request, whatever it came with', async () => {
  const { call, calls } = scripted(DONE, {
    kind: 'WriteFileResponse',
    value: { received: 3, complete: true },
  });
  const site = await requestingSite({ directory: await temporaryDirectory(), call });
  const forged = {
    kind: 'SetParameters',
    value: { ...SET.value, requestId: 'another' },
  } as uplink.RequestBody;
  site.take(request('r1', forged), request('r2', WRITE));
  await site.settle();
  expect(calls.map(({ request: { value } }) => value)).toEqual([
    { ...SET.value, requestId: 'r1' },
    { ...WRITE.value, requestId: 'r2' },
  ]);
});

/** @spec R1 */
test('one that comes again is acknowledged again and nothing else', async () => {
  const { call, calls } = scripted(DONE);
  const site = await requestingSite({ directory: await temporaryDirectory(), call });
  site.take(request('r1', SET), request('r1', SET));
  await site.settle();
  expect(site.exchange()).toMatchObject({ received: ['r1'], answers: { r1: 'SetParametersResponse' } });
  site.take(request('r1', SET));
  await site.settle();
  expect(site.exchange()).toMatchObject({ received: ['r1'], answers: {} });
  expect(calls).toHaveLength(1);
});

/** @spec R2 */
test('a delay notice is given of what takes longer than two seconds, again after an interruption, and of nothing else', async () => {
  const slow: DeviceCall = async (_deviceId, _request, signal) =>
    new Promise((resolve) => {
      site.clock.schedule(Seconds(5), () => resolve(signal.aborted ? DONE : COUNTED));
    });
  const { call } = scripted(COUNTED, slow);
  const site = await requestingSite({ directory: await temporaryDirectory(), call });
  site.take(request('quick', COUNTERS), request('slow', COUNTERS));
  await site.pass(Seconds(1));
  expect(site.exchange()).toMatchObject({ delayed: [], answers: { quick: 'GetCountersResponse' } });
  await site.pass(Seconds(1.5));
  expect(site.exchange()).toMatchObject({ delayed: ['slow'], answers: {} });
  expect(site.exchange().delayed).toEqual([]);
  site.outgoing.connectionLost();
  expect(site.exchange().delayed).toEqual(['slow']);
  await site.pass(Seconds(3));
  expect(site.exchange()).toMatchObject({ delayed: [], answers: { slow: 'GetCountersResponse' } });
  site.outgoing.connectionLost();
  expect(site.exchange().delayed).toEqual([]);
});

/** @spec R1 */
test('a device that restarts is asked again; one that stays away is unreachable', async () => {
  const { call, calls } = scripted(
    'unreachable',
    'connection-lost',
    COUNTED,
    ...Array(3).fill('unreachable'),
  );
  const site = await requestingSite({ directory: await temporaryDirectory(), call });
  site.take(request('r1', COUNTERS));
  await site.pass(Seconds(10));
  expect(site.exchange().answers).toEqual({ r1: 'GetCountersResponse' });
  site.take(request('r2', SET));
  await site.pass(Seconds(10));
  expect(site.exchange().answers).toEqual({ r2: 'device-unreachable' });
  expect(calls).toHaveLength(6);
});

/** @spec R1 */
test('a change whose call broke off is asked for again only of a device that remembers', async () => {
  const { call, calls } = scripted('connection-lost', 'connection-lost', DONE);
  const site = await requestingSite({ directory: await temporaryDirectory(), call });
  site.registered.register(deviceInformation('mfp-1'), '192.0.2.1', START);
  site.take(request('r1', SET));
  await site.pass(Seconds(10));
  expect(site.exchange().answers).toEqual({ r1: 'outcome-unknown' });
  site.registered.register(remembering, '192.0.2.1', START);
  site.take(request('r2', SET));
  await site.pass(Seconds(10));
  expect(site.exchange().answers).toEqual({ r2: 'SetParametersResponse' });
  expect(calls).toHaveLength(3);
});

/** @spec R1 X6 */
test.each([
  [false, 'outcome-unknown', 0],
  [true, 'SetParametersResponse', 1],
])(
  'a process that dies during a change (device remembers: %s) is followed by one that answers %s',
  async (remembers, answer, more) => {
    const directory = await temporaryDirectory();
    const first = await requestingSite({ directory, call: never });
    if (remembers) first.registered.register(remembering, '192.0.2.1', START);
    first.take(request('r1', SET));
    await first.settle();
    const { call, calls } = scripted(DONE);
    const second = await requestingSite({ directory, call });
    second.inbox.recover();
    await second.settle();
    expect(second.exchange().answers).toEqual({ r1: answer });
    expect(calls).toHaveLength(more);
  },
);

/** @spec R1 X6 */
test.each([
  ['reading', COUNTERS, COUNTED, never],
  [
    'a change that certainly was not made',
    SET,
    DONE,
    async () => {
      throw new PosternError('unreachable', 'Scripted');
    },
  ],
] satisfies [string, uplink.RequestBody, uplink.ResponseBody, DeviceCall][])(
  'a process that dies is followed by one that asks again: %s',
  async (_, body, answer, call) => {
    const directory = await temporaryDirectory();
    const first = await requestingSite({ directory, call });
    first.take(request('r1', body));
    await first.settle();
    const next = scripted(answer);
    const second = await requestingSite({ directory, call: next.call });
    second.inbox.recover();
    await second.settle();
    expect(next.calls).toHaveLength(1);
    expect(second.exchange().answers).toEqual({ r1: answer.kind });
  },
);

/** @spec R1 */
test.each([
  ['a reading in a call', COUNTERS, 'device-unreachable'],
  ['a change in a call', SET, 'outcome-unknown'],
])('when it expires during the call: %s', async (_, body, code) => {
  const site = await requestingSite({ directory: await temporaryDirectory(), call: never });
  site.take(request('r1', body, Seconds(5)));
  await site.pass(Seconds(6));
  expect(site.exchange().answers).toEqual({ r1: code });
});

/** @spec R1 X6 */
test('what has expired while no process ran is not done any more, and what may have been done is not denied', async () => {
  const directory = await temporaryDirectory();
  const first = await requestingSite({ directory, call: never });
  first.take(request('begun', SET, Seconds(5)), request('waiting', SET, Seconds(5)));
  await first.settle();
  await first.deviceRequests.close();
  await first.pass(Seconds(10));
  const { call, calls } = scripted();
  const second = await requestingSite({ directory, call, clock: first.clock });
  second.inbox.recover();
  await second.settle();
  expect(second.exchange().answers).toEqual({ begun: 'outcome-unknown', waiting: 'deadline-exceeded' });
  expect(calls).toEqual([]);
});

/** @spec R1 */
test('of one device one after the other in order, several devices at a time; one that hangs holds up no other', async () => {
  const log: string[] = [];
  const call: DeviceCall = (deviceId, asked, signal) => {
    log.push(`${deviceId} ${asked.kind}`);
    return deviceId === 'hung' ? never(deviceId, asked, signal) : Promise.resolve(COUNTED);
  };
  const site = await requestingSite({ directory: await temporaryDirectory(), call, concurrency: 2 });
  const [alive, files]: uplink.RequestBody[] = [
    { kind: 'ConfirmAlive', value: {} },
    { kind: 'ListFiles', value: {} },
  ];
  site.take(
    request('h1', COUNTERS, Seconds(20), 'hung'),
    request('h2', alive, Seconds(40), 'hung'),
    request('a1', COUNTERS, Seconds(20), 'mfp-1'),
    request('a2', files, Seconds(20), 'mfp-1'),
    request('b1', alive, Seconds(20), 'mfp-2'),
  );
  await site.settle();
  expect(log.filter((line) => line.startsWith('hung'))).toEqual(['hung GetCounters']);
  expect(log.filter((line) => line.startsWith('mfp-1'))).toEqual(['mfp-1 GetCounters', 'mfp-1 ListFiles']);
  expect(Object.keys(site.exchange().answers).sort()).toEqual(['a1', 'a2', 'b1']);
  await site.pass(Seconds(25));
  expect(log.at(-1)).toBe('hung ConfirmAlive');
});

/** @spec R1 */
test('what there is no room for is not acknowledged; what was answered takes no room', async () => {
  const site = await requestingSite({
    directory: await temporaryDirectory(),
    call: never,
    mostRequestBytes: 100,
  });
  site.take(request('r1', WRITE, Seconds(5)), request('r2', WRITE, Seconds(5)));
  expect([site.inbox.capacity, site.exchange().received]).toEqual([0, ['r1']]);
  expect(site.requests.openBytes()).toBeGreaterThan(100);
  await site.pass(Seconds(6));
  expect([site.requests.openBytes(), site.requests.body('r1')]).toEqual([0, undefined]);
  expect(site.inbox.capacity).toBe(100);
});
