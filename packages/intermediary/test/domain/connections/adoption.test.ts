import { expect, test } from '@jest/globals';
import { Minutes, type NodeIdentity, PosternError, Seconds } from '@postern/core';
import { memoryLogger } from '@postern/core/testing';
import type { AdoptionOptions } from '../../../src/domain/connections/adoption.ts';
import { callsToActive, onlyToActive } from '../../../src/domain/connections/only-to-active.ts';
import { Notices } from '../../../src/domain/notices.ts';
import { deviceLink } from '../../../src/domain/schemes/device-links.ts';
import { temporaryDirectory } from '../../support/directory.ts';
import { job, startProcess, UPDATER } from '../../support/process.ts';
import { ScriptedDevice } from '../../support/scripted-device.ts';
import { siteConnections } from '../../support/site-connections.ts';
import { deviceInformation, START } from '../../support/software.ts';

const never = new AbortController().signal;

const start = async (options: Partial<AdoptionOptions> = {}, directory?: string) => {
  const device = new ScriptedDevice('mfp-1');
  const site = await startProcess({
    directory: directory ?? (await temporaryDirectory()),
    devices: { 'mfp-1': device },
  });
  const connections = siteConnections(site, options);
  const notices = new Notices({
    devices: site.registered,
    adoption: connections.adoption,
    placed: { registered: () => {}, requireFree: () => {} },
    scheduler: site.scheduler,
    clock: site.clock,
    logger: memoryLogger(),
    name: UPDATER,
    unprovedLimit: { burst: 5, interval: Seconds(10) },
    linkOf: (deviceId) => deviceLink({ scheme: {}, devices: {} }, deviceId),
    onRegistered: () => {},
  });
  const register = (name: string, information = deviceInformation(name)): boolean =>
    notices.register({ device: information }, peerOf(name), '192.0.2.1').active;
  return { ...site, ...connections, notices, device, register };
};

const peerOf = (name: string): NodeIdentity => ({ role: 'device', name });

const codeOf = async (work: () => unknown): Promise<string> => {
  try {
    await work();
    return 'done';
  } catch (error) {
    return (error as PosternError).code;
  }
};

const told = ({ registered }: Awaited<ReturnType<typeof start>>) =>
  registered.changedSince(0, 100).map(({ information, released }) => [information.deviceId, released]);

/** @spec I1 I3 */
test('a site that adopts by itself takes whoever registers; one that does not finds him', async () => {
  const automatic = await start();
  expect(automatic.register('mfp-1')).toBe(true);
  expect(told(automatic)).toEqual([['mfp-1', false]]);

  const directory = await temporaryDirectory();
  const careful = await start({ mode: 'confirm' }, directory);
  expect(careful.register('mfp-1')).toBe(false);
  expect(careful.adoption.standingOf('mfp-1')).toBe('found');
  expect(told(careful)).toEqual([]);
  expect(() => careful.adoption.requireActive('mfp-1')).toThrow('nobody has adopted it');
  expect(() => careful.notices.requireAdopted('mfp-1')).toThrow('nobody has adopted it');

  const next = await start({ mode: 'confirm' }, directory);
  expect(next.adoption.candidates()).toMatchObject([{ address: '192.0.2.1', foundBy: 'registration' }]);
  await next.adoption.adopt('mfp-1', undefined, never);
  expect(next.adoption.standingOf('mfp-1')).toBe('active');
  expect(next.adoption.candidates()).toEqual([]);
  expect(next.register('mfp-1')).toBe(true);
});

/** @spec I3 */
test('a device that was released stays so, whatever it says, until it is adopted again', async () => {
  const site = await start();
  site.register('mfp-1');
  site.adoption.release('mfp-1')();
  expect(told(site)).toEqual([['mfp-1', true]]);
  expect(site.outgoing.compose().devices).toBeUndefined();
  expect(site.register('mfp-1')).toBe(false);
  expect(
    site.adoption.introduced(
      { information: deviceInformation('mfp-1'), address: '192.0.2.9', foundBy: 'dns-sd' },
      true,
    ),
  ).toBe('released');
  const start1 = { deviceId: 'mfp-1', program: 'firmware' } as const;
  expect(await codeOf(() => site.notices.secureStart(start1, peerOf('mfp-1'), '192.0.2.1'))).toBe(
    'device-not-active',
  );
  expect(await codeOf(() => site.notices.claimedStart(start1))).toBe('device-not-active');

  expect(await site.adoption.adopt('mfp-1', undefined, never)).toMatchObject({ deviceId: 'mfp-1' });
  expect(told(site)).toEqual([['mfp-1', false]]);
  expect(await codeOf(() => site.notices.claimedStart(start1))).toBe('done');
});

/** @spec I3 */
test('the server hears that a device was released, and that it is back', async () => {
  const site = await start();
  site.register('mfp-1');
  const exchange = () => {
    const cargo = site.outgoing.compose();
    const devicesRevision = cargo.devices?.revision ?? site.registered.revision();
    site.outgoing.delivered(cargo, { nextPollSeconds: 0, devicesRevision });
    return cargo.devices?.device.map(({ active, gone }) => ({ active, gone }));
  };
  site.outgoing.delivered({}, { nextPollSeconds: 0, devicesRevision: 0 });
  expect(exchange()).toEqual([{ active: true, gone: undefined }]);
  site.adoption.release('mfp-1')();
  expect(exchange()).toEqual([{ active: false, gone: true }]);
  await site.adoption.adopt('mfp-1', undefined, never);
  expect(exchange()).toEqual([{ active: true, gone: undefined }]);
});

/** @spec I3 U10 */
test('the updates of a device that is released end, and its password is erased', async () => {
  const directory = await temporaryDirectory();
  const site = await start({}, directory);
  site.register('mfp-1');
  site.device.silentAt = 'report';
  site.order('job-1', 'mfp-1');
  site.order('job-2', 'mfp-1');
  await site.pass(Seconds(2));
  expect(site.device.credential).toBeDefined();
  site.adoption.release('mfp-1')();
  await site.pass(Seconds(20));
  expect(site.result('job-1')).toMatchObject({ state: 'cancelled', credential: 'erased' });
  expect(site.result('job-2')).toMatchObject({ state: 'cancelled' });
  expect(site.device.credential).toBeUndefined();
  expect(site.device.passwords).toHaveLength(1);
});

/** @spec I3 X6 */
test('a process that died after it had released a device is followed by one that ends its updates', async () => {
  const directory = await temporaryDirectory();
  const first = await start({}, directory);
  first.register('mfp-1');
  first.device.silentAt = 'report';
  first.order('job-1', 'mfp-1');
  await first.pass(Seconds(2));
  first.adoption.release('mfp-1');

  const second = await start({}, directory);
  second.device.credential = first.device.credential;
  second.recover();
  await second.pass(Seconds(20));
  expect(second.result('job-1')).toMatchObject({ state: 'cancelled', credential: 'erased' });
});

/** @spec U6 I3 */
test('an update that cannot be called off any more hears of the start it waits for', async () => {
  const site = await start();
  site.register('mfp-1');
  site.device.silentAt = 'restart';
  site.order('job-1', 'mfp-1');
  await site.pass(Seconds(5));
  site.adoption.release('mfp-1')();
  site.notices.secureStart({ deviceId: 'mfp-1', program: 'firmware' }, peerOf('mfp-1'), '192.0.2.1');
  await site.pass(Minutes(1));
  expect(site.result('job-1')).toMatchObject({ state: 'verified', credential: 'erased' });
});

/** @spec I3 */
test('no password is shared with a device that is not active; one that was is erased', async () => {
  const site = await start({ mode: 'confirm' });
  const path = onlyToActive(site.device.securePath, {
    devices: site.registered,
    candidates: site.candidates,
  });
  const update = job('job-1', 'mfp-1', site.clock);
  site.register('mfp-1');
  await expect(path.share(update, undefined, never)).rejects.toMatchObject({ code: 'device-not-active' });
  await path.erase(update, undefined, never);
  expect(site.device.events).toEqual(['erase job-1']);
  const call = callsToActive(
    async () => ({ kind: 'ConfirmAliveResponse', value: { startedAt: START, state: 'ready' } }),
    {
      devices: site.registered,
      candidates: site.candidates,
    },
  );
  const asked = () => call('mfp-1', { kind: 'ConfirmAlive', value: {} }, never);
  expect(await codeOf(asked)).toBe('device-not-active');
  await site.adoption.adopt('mfp-1', undefined, never);
  expect(await codeOf(asked)).toBe('done');
});

test('of too many candidates the oldest give way, and one that registers again and again is slowed down', async () => {
  const site = await start({ mode: 'confirm' });
  for (const name of ['a', 'b', 'c', 'a', 'd']) site.register(name);
  expect(site.adoption.candidates().map(({ information }) => information.deviceId)).toEqual(['b', 'c', 'd']);
  for (let times = 1; times < 5; times++) site.register('d');
  expect(await codeOf(() => site.register('d'))).toBe('too-many-starts');
  expect(site.register('b')).toBe(false);
});

test.each([
  ['unknown', async () => deviceInformation('mfp-1'), 'device-unknown'],
  ['mfp-1', async () => deviceInformation('mfp-2'), 'device-mismatch'],
  [
    'mfp-1',
    async () => {
      throw new PosternError('tls-refused', 'No');
    },
    'tls-refused',
  ],
])('adopting %s fails and changes nothing', async (name, inspectDevice, code) => {
  const site = await start({ mode: 'confirm', inspectDevice });
  site.register('mfp-1');
  expect(await codeOf(() => site.adoption.adopt(name, undefined, never))).toBe(code);
  expect(site.adoption.standingOf('mfp-1')).toBe('found');
  expect(told(site)).toEqual([]);
});

test('neither a stranger nor the intermediary itself is released; a candidate is forgotten', async () => {
  const site = await start({ mode: 'confirm' });
  site.registered.register(deviceInformation(UPDATER), '127.0.0.1', site.clock.now());
  expect(await codeOf(() => site.adoption.release('nobody'))).toBe('device-unknown');
  expect(await codeOf(() => site.adoption.release(UPDATER))).toBe('device-unknown');
  site.register('mfp-1');
  site.adoption.release('mfp-1')();
  expect(site.adoption.standingOf('mfp-1')).toBe('unknown');
});
