import { expect, test } from '@jest/globals';
import type { uplink } from '@postern/contracts';
import { type Duration, PosternError, Seconds } from '@postern/core';
import type { InspectDevice } from '../../../src/domain/connections/inspect.ts';
import type { DeviceCall } from '../../../src/domain/requests/ask-device.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { never, request, requestingSite } from '../../support/requesting-site.ts';
import { deviceInformation, makeManifest, START, sign } from '../../support/software.ts';

const start = async (
  directory: string,
  call: DeviceCall,
  mostOpenRequests = 100,
  inspectDevice: InspectDevice = async (deviceId) => deviceInformation(deviceId),
) => requestingSite({ directory, call, mostOpenRequests, inspectDevice });

const alive = (requestId: string, expiresIn?: Duration): uplink.Request =>
  request(requestId, { kind: 'ConfirmAlive', value: {} }, expiresIn);

/** @spec R1 */
test('what there is no room for is not acknowledged, so that it comes again', async () => {
  const site = await start(await temporaryDirectory(), never, 2);
  site.take(alive('r1'), alive('r2'), alive('r3'));
  expect(site.exchange().received).toEqual(['r1', 'r2']);
  expect(site.inbox.capacity).toBe(0);
  site.take(alive('r1'), alive('r3'));
  expect(site.exchange().received).toEqual(['r1']);
  await site.pass(Seconds(61));
  site.take(alive('r3'));
  expect(site.exchange().received).toEqual(['r3']);
});

test('a request that expires while it waits for others is answered when it does', async () => {
  const site = await start(await temporaryDirectory(), never);
  site.take(alive('slow', Seconds(100)), alive('waiting', Seconds(5)));
  await site.pass(Seconds(6));
  expect(site.exchange().answers).toEqual({ waiting: 'deadline-exceeded' });
  await site.pass(Seconds(95));
  expect(site.exchange().answers).toEqual({ slow: 'device-unreachable' });
});

test("a device's transport failure is told in the operator's terms, its own refusal as it is", async () => {
  const answers: (() => Promise<uplink.ResponseBody>)[] = [
    async () => {
      throw new PosternError('tls-refused', 'Not ours');
    },
    async () => ({ kind: 'Failure', value: { code: 'device-busy', message: 'No' } }),
    async () => {
      throw new PosternError('device-unknown', 'No device mfp-1 has registered here');
    },
  ];
  const site = await start(await temporaryDirectory(), async () => {
    const answer = answers.shift();
    if (answer === undefined) throw new TypeError('Called too often');
    return answer();
  });
  site.take(alive('r1'), alive('r2'), alive('r3'));
  await site.pass(Seconds(1));
  expect(site.exchange().answers).toEqual({
    r1: 'device-unreachable',
    r2: 'device-busy',
    r3: 'device-unknown',
  });
});

/** @spec R1 X6 */
test('a process that died before it had answered is followed by one that does', async () => {
  const directory = await temporaryDirectory();
  const first = await start(directory, never);
  first.take(alive('r1'));
  const second = await start(directory, async () => ({
    kind: 'ConfirmAliveResponse',
    value: { startedAt: START, state: 'ready' },
  }));
  second.inbox.recover();
  await second.pass(Seconds(1));
  expect(second.exchange().answers).toEqual({ r1: 'ConfirmAliveResponse' });
});

/** @spec R1 R2 X6 */
test('an order that comes again, also to the next process, is one update', async () => {
  const directory = await temporaryDirectory();
  const order: uplink.Request = {
    requestId: 'job-1',
    target: 'mfp-1',
    expiresInSeconds: 60,
    body: { kind: 'UpdateSoftware', value: { signedManifest: sign(makeManifest()), deadlineSeconds: 600 } },
  };
  const first = await start(directory, never);
  first.registered.register(deviceInformation('mfp-1'), '192.0.2.1', START);
  first.device.silentAt = 'share';
  first.take(order, order);
  expect(first.outgoing.compose()).toMatchObject({
    received: { id: ['job-1'] },
    delayNotices: { delayNotice: [{ requestId: 'job-1' }] },
  });

  const second = await start(directory, never);
  second.inbox.recover();
  second.scheduler.recover(() => true);
  second.take(order);
  expect(second.updates.unfinished()).toHaveLength(1);
  await second.pass(Seconds(20));
  expect(second.exchange().answers).toEqual({ 'job-1': 'UpdateSoftwareResponse' });
  second.take(order);
  await second.pass(Seconds(20));
  expect(second.exchange()).toMatchObject({ received: ['job-1'], answers: {} });
});

const activate = (requestId: string, active: boolean): uplink.Request => ({
  requestId,
  target: 'mfp-1',
  expiresInSeconds: 60,
  body: { kind: 'Activate', value: { active } },
});

/** @spec I1 I3 */
test('a device that was found is refused until the server adopts it, and again once the server releases it', async () => {
  const site = await start(await temporaryDirectory(), async () => ({
    kind: 'ConfirmAliveResponse',
    value: { startedAt: START, state: 'ready' },
  }));
  const answer = async (...requests: uplink.Request[]) => {
    site.take(...requests);
    await site.pass(Seconds(1));
    return site.exchange().answers;
  };
  expect(await answer(activate('early', true))).toEqual({ early: 'device-unknown' });
  site.adoption.registered(deviceInformation('mfp-1'), '192.0.2.1');
  const order = { signedManifest: sign(makeManifest()), deadlineSeconds: 600 };
  const body: uplink.RequestBody = { kind: 'UpdateSoftware', value: order };
  const update: uplink.Request = { requestId: 'job-1', target: 'mfp-1', expiresInSeconds: 60, body };
  expect(await answer(alive('r1'), update)).toEqual({
    r1: 'device-not-active',
    'job-1': 'device-not-active',
  });
  expect(await answer(activate('a1', true), activate('a1', true))).toEqual({ a1: 'ActivateResponse' });
  expect(await answer(alive('r2'), activate('a2', true))).toEqual({
    r2: 'ConfirmAliveResponse',
    a2: 'ActivateResponse',
  });
  expect(await answer(activate('a3', false))).toEqual({ a3: 'ActivateResponse' });
  expect(await answer(alive('r3'))).toEqual({ r3: 'device-not-active' });
});

/** @spec I1 X6 */
test('a process that died while it asked a device that is to be adopted is followed by one that does', async () => {
  const directory = await temporaryDirectory();
  const first = await start(
    directory,
    never,
    100,
    (_id, _place, signal) => never('', { kind: 'ConfirmAlive', value: {} }, signal) as never,
  );
  first.adoption.registered(deviceInformation('mfp-1'), '192.0.2.1');
  first.take(activate('a1', true));
  await first.pass(Seconds(1));
  expect(first.exchange().answers).toEqual({});
  const second = await start(directory, never);
  second.inbox.recover();
  await second.pass(Seconds(1));
  expect(second.exchange().answers).toEqual({ a1: 'ActivateResponse' });
  expect(second.adoption.standingOf('mfp-1')).toBe('active');
});
