import { expect, test } from '@jest/globals';
import type { uplink } from '@postern/contracts';
import { type Duration, PosternError, Seconds, silentLogger } from '@postern/core';
import { DEFAULT_POLICY } from '@postern/software-update';
import type { InspectDevice } from '../../src/domain/connections/inspect.ts';
import { type DeviceCall, DeviceRequests } from '../../src/domain/requests/device-requests.ts';
import { Inbox } from '../../src/domain/requests/inbox.ts';
import { deviceLink } from '../../src/domain/schemes/device-links.ts';
import { afterThisTest, temporaryDirectory } from '../support/directory.ts';
import { startProcess, UPDATER } from '../support/process.ts';
import { ScriptedDevice } from '../support/scripted-device.ts';
import { siteConnections } from '../support/site-connections.ts';
import { siteSoftware } from '../support/site-software.ts';
import { deviceInformation, makeManifest, START, sign } from '../support/software.ts';

const never: DeviceCall = (_kind, _deviceId, signal) =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

const start = async (
  directory: string,
  call: DeviceCall,
  mostOpenRequests = 100,
  inspectDevice: InspectDevice = async (deviceId) => deviceInformation(deviceId),
) => {
  const device = new ScriptedDevice('mfp-1');
  const site = await startProcess({ directory, devices: { 'mfp-1': device } });
  const { requests, updates, registered, scheduler, outgoing, clock } = site;
  const software = await siteSoftware({ ...site, directory });
  const { adoption, candidates, connections } = siteConnections(site, { mode: 'confirm', inspectDevice });
  const deviceRequests = new DeviceRequests({
    call,
    onAnswer: (requestId, body) => inbox.answer(requestId, body),
    clock,
    logger: silentLogger,
    exchangeTimeout: Seconds(30),
    concurrency: 1,
  });
  afterThisTest(() => deviceRequests.close());
  const inbox = new Inbox({
    requests,
    updates,
    devices: registered,
    adoption,
    scheduler,
    deviceRequests,
    outgoing,
    clock,
    logger: silentLogger,
    name: UPDATER,
    trust: software.trust,
    orderContext: () => ({
      updaterId: UPDATER,
      vendorTrust: software.trust.current(),
      policy: DEFAULT_POLICY,
      linkOf: (deviceId) => deviceLink({ scheme: {}, devices: {} }, deviceId),
      requirePasswords: () => {},
    }),
    site: { ...software, connections, clock },
    mostOpenRequests,
    mostUpdatesPerDevice: 4,
  });
  const take = (...list: uplink.Request[]): void =>
    inbox.take({ nextPollSeconds: 0, requests: { request: list } });
  /** What goes up next; the answer to it acknowledges everything. */
  const exchange = (): { received: readonly string[]; answers: Record<string, string> } => {
    const cargo = outgoing.compose();
    const responses = cargo.responses?.response ?? [];
    const answer = { nextPollSeconds: 0, acknowledged: { id: responses.map(({ requestId }) => requestId) } };
    inbox.take(answer);
    outgoing.delivered(cargo, answer);
    const answers = responses.map(({ requestId, body }) => [
      requestId,
      body.kind === 'Failure' ? body.value.code : body.kind,
    ]);
    return { received: cargo.received?.id ?? [], answers: Object.fromEntries(answers) };
  };
  return { ...site, adoption, candidates, device, inbox, take, exchange };
};

const alive = (requestId: string, expiresIn: Duration = Seconds(60)): uplink.Request => ({
  requestId,
  target: 'mfp-1',
  expiresInSeconds: expiresIn / 1_000,
  body: { kind: 'ConfirmAlive', value: {} },
});

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
  await site.pass(Seconds(30));
  expect(site.exchange().answers).toEqual({ slow: 'deadline-exceeded' });
});

test("a device's transport failure is told in the operator's terms, its own refusal as it is", async () => {
  let code = 'unreachable';
  const site = await start(await temporaryDirectory(), async () => {
    throw new PosternError(code, 'No');
  });
  site.take(alive('r1'));
  await site.pass(Seconds(1));
  code = 'device-busy';
  site.take(alive('r2'));
  await site.pass(Seconds(1));
  expect(site.exchange().answers).toEqual({ r1: 'device-unreachable', r2: 'device-busy' });
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
  expect(second.exchange()).toEqual({ received: ['job-1'], answers: {} });
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
    (_id, _place, signal) => never('ConfirmAlive', '', signal) as never,
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
