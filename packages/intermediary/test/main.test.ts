import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, jest, test } from '@jest/globals';
import { intermediaryContract, type uplink } from '@postern/contracts';
import { errorCode, systemClock } from '@postern/core';
import { memoryLogger } from '@postern/core/testing';
import { type Intermediary, type IntermediaryConfigInput, parseConfig } from '@postern/intermediary';
import { createSoapClient } from '@postern/soap-rpc';
import { afterThisTest } from './support/directory.ts';
import { NetworkDevice } from './support/network-device.ts';
import { ScriptedServer } from './support/scripted-server.ts';
import { IMAGE, makeManifest, sha256, sign } from './support/software.ts';
import { startSite } from './support/started-site.ts';
import { World } from './support/world.ts';

jest.setTimeout(20_000);

let world: World;
let server: ScriptedServer;
const log = memoryLogger();

beforeEach(async () => {
  log.lines.length = 0;
  world = await World.make();
  server = await ScriptedServer.start(world);
});

const start = (changes: Partial<IntermediaryConfigInput> = {}): Promise<Intermediary> =>
  startSite(world, log, { server, changes });

const plainClient = (port: number) => {
  const client = createSoapClient(intermediaryContract, {
    url: `http://127.0.0.1:${port}/intermediary`,
    clock: systemClock,
  });
  afterThisTest(() => client.close());
  return client;
};

const registered = async (site: Intermediary, deviceId = 'mfp-1'): Promise<NetworkDevice> => {
  const device = await NetworkDevice.start(world, deviceId);
  await device.secureClient(site.securePort).call('Register', { device: device.information });
  return device;
};

const updateOrder = (deadlineSeconds = 60): uplink.RequestBody => ({
  kind: 'UpdateSoftware',
  value: { signedManifest: sign(makeManifest()), deadlineSeconds },
});

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'succeeded',
    (error: unknown) => errorCode(error, String(error)),
  );

/** @spec R1 R2 U1 U8 U9 U11 T5 */
test('an update from the order in a poll answer to the verified result, over real sockets', async () => {
  const site = await start();
  const device = await registered(site);
  const plain = plainClient(site.noticePort);
  device.onRestart = async () => {
    await plain.call('NotifyStart', device.startNotice());
  };
  server.request('job-1', 'mfp-1', updateOrder());
  const body = await server.answer('job-1');
  expect(body.value).toMatchObject({ state: 'verified', assurance: 'full', credential: 'erased' });
  expect(device.received).toBe(sha256(IMAGE));
  expect(server.peers).toEqual(new Set(['intermediary site-a']));
  expect(server.devices.map(({ information }) => information.deviceId)).toEqual(['mfp-1']);
  expect(server.notices[0]).toMatchObject({ requestId: 'job-1' });
  expect(server.imageRequests).toEqual([`/images/${sha256(IMAGE)}`]);
  expect(device.stored.map(({ purpose, jobId }) => [purpose, jobId])).toEqual([
    [undefined, 'job-1'],
    ['erasure', 'job-1'],
  ]);
  expect(new Set(device.stored.map(({ oneTimePassword }) => oneTimePassword)).size).toBe(2);
  const steps = body.kind === 'UpdateSoftwareResponse' ? body.value.journal.step.map(({ step }) => step) : [];
  expect(steps[0]).toBe('S101');
  expect(steps).toContain('S115');
});

/** @spec U13 X6 */
test('a site that is stopped in the middle goes on after its restart, and keeps no password in the end', async () => {
  const first = await start();
  const device = await registered(first);
  const restarted = new Promise<void>((resolve) => {
    device.onRestart = async () => resolve();
  });
  server.request('job-1', 'mfp-1', updateOrder());
  await restarted;
  await first.close();
  await first.close();
  expect(server.responses.size).toBe(0);

  const second = await start();
  const password = device.stored[0]?.oneTimePassword ?? '';
  await plainClient(second.noticePort).call('NotifyStart', device.startNotice());
  expect((await server.answer('job-1')).value).toMatchObject({ state: 'verified', credential: 'erased' });
  await second.close();
  const data = world.dataDirectory();
  const files = await Promise.all(
    (await readdir(data, { withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ name }) => readFile(join(data, name))),
  );
  expect(password).toHaveLength(43);
  expect(Buffer.concat(files).includes(password)).toBe(false);
  expect(JSON.stringify(log.lines)).not.toContain(password);
});

/** @spec R1 */
test('a request that comes twice is carried out once', async () => {
  const site = await start();
  await registered(site);
  server.stubborn.add('r1');
  server.request('r1', 'mfp-1', { kind: 'GetDeviceInformation', value: {} });
  expect((await server.answer('r1')).kind).toBe('GetDeviceInformationResponse');
  await server.until(() => !server.stubborn.has('r1'));
  server.request('r2', 'mfp-1', { kind: 'ConfirmAlive', value: {} });
  expect((await server.answer('r2')).kind).toBe('ConfirmAliveResponse');
  const sent = server.polls.flatMap(({ responses }) => responses?.response ?? []);
  expect(sent.map(({ requestId }) => requestId)).toEqual(['r1', 'r2']);
});

test.each<[string, string, uplink.RequestBody, number, string]>([
  ['an unknown device', 'mfp-9', updateOrder(), 60, 'device-unknown'],
  ['an unknown device, passed through', 'mfp-9', { kind: 'ConfirmAlive', value: {} }, 60, 'device-unknown'],
  ['what is not supported', 'site-a', { kind: 'ListFiles', value: {} }, 60, 'not-supported-yet'],
  ['what has expired', 'mfp-1', { kind: 'ConfirmAlive', value: {} }, 0, 'deadline-exceeded'],
])('a request for %s is answered with a failure', async (_name, target, body, expires, code) => {
  const site = await start();
  await registered(site);
  server.request('r1', target, body, expires);
  expect(await server.answer('r1')).toMatchObject({ kind: 'Failure', value: { code } });
});

test('too many updates of one device are refused, and a cancelled one ends as such', async () => {
  const site = await start({ mostUpdatesPerDevice: 2 });
  const device = await registered(site);
  const running = new Promise<void>((resolve) => {
    device.onRestart = async () => resolve();
  });
  server.request('job-1', 'mfp-1', updateOrder());
  await running;
  server.request('job-2', 'mfp-1', updateOrder());
  server.request('job-3', 'mfp-1', updateOrder());
  expect((await server.answer('job-3')).value).toMatchObject({ code: 'update-already-open' });
  server.request('c-2', 'mfp-1', { kind: 'CancelUpdate', value: { requestId: 'job-2' } });
  expect((await server.answer('c-2')).value).toEqual({ cancelled: true });
  expect((await server.answer('job-2')).value).toMatchObject({ state: 'cancelled', credential: 'none' });
  server.request('c-1', 'mfp-1', { kind: 'CancelUpdate', value: { requestId: 'job-1' } });
  expect((await server.answer('c-1')).value).toEqual({ cancelled: false });
});

/** @spec U6 X2 */
test('a start notification that is not proved neither wakes an update nor moves its bulk path', async () => {
  const site = await start();
  const device = await registered(site);
  const running = new Promise<void>((resolve) => {
    device.onRestart = async () => resolve();
  });
  server.request('job-1', 'mfp-1', updateOrder());
  await running;
  const plain = plainClient(site.noticePort);
  const elsewhere = { bulkPath: { host: '127.0.0.1', port: 9 } };
  await plain.call('NotifyStart', { ...device.startNotice(), mac: 'ab'.repeat(32), ...elsewhere });
  await plain.call('NotifyStart', { deviceId: 'mfp-1', program: 'firmware' });
  expect(log.lines.filter(({ message }) => message.includes('not proved'))).toHaveLength(2);
  expect(server.responses.size).toBe(0);
  // A proved one wakes it; but an address in it is not believed, for the code does not cover it.
  await plain.call('NotifyStart', { ...device.startNotice(), ...elsewhere });
  expect((await server.answer('job-1')).value).toMatchObject({ state: 'verified' });
});

/** @spec U6 */
test('over mutual TLS a device proves its start by its name, and may say that its bulk path has moved', async () => {
  const site = await start();
  const device = await registered(site);
  const client = device.secureClient(site.securePort);
  device.onRestart = async () => {
    const nowhere = { host: '127.0.0.1', port: 9 };
    await client.call('NotifyStart', { deviceId: 'mfp-1', program: 'firmware', bulkPath: nowhere });
  };
  server.request('job-1', 'mfp-1', updateOrder());
  await server.until(() =>
    server.notices.some(({ journal }) =>
      journal?.step.some(({ step, outcome }) => step === 'S117' && outcome === 'failed'),
    ),
  );
  await client.call('Register', { device: device.information });
  expect((await server.answer('job-1')).value).toMatchObject({ state: 'verified' });
});

test('the plain listener takes start notifications of known devices only, a few at a time', async () => {
  const site = await start({ unprovedStarts: { burst: 2, interval: 60 } });
  const device = await registered(site);
  const plain = plainClient(site.noticePort);
  const notice = (deviceId: string) =>
    codeOf(plain.call('NotifyStart', { deviceId, program: 'updater-program' }));
  expect(await notice('mfp-9')).toBe('device-unknown');
  expect([await notice('mfp-1'), await notice('mfp-1'), await notice('mfp-1')]).toEqual([
    'succeeded',
    'succeeded',
    'too-many-starts',
  ]);
  expect(await codeOf(plain.call('Register', { device: device.information }))).toBe('not-supported-yet');
});

/** @spec A1 */
test('a device speaks only for itself, and only devices are heard', async () => {
  const site = await start();
  const device = await registered(site);
  const client = device.secureClient(site.securePort);
  const other = { ...device.information, deviceId: 'mfp-2' };
  expect(await codeOf(client.call('Register', { device: other }))).toBe('not-authorised');
  expect(await codeOf(client.call('NotifyStart', { deviceId: 'mfp-2', program: 'firmware' }))).toBe(
    'not-authorised',
  );
  const call = { callId: 'c1', at: systemClock.now(), reason: 'help' };
  expect(await codeOf(client.call('UserCall', call))).toBe('succeeded');
});

test.each([
  [{ unknown: 1 }, /unknown/],
  [{ concurrency: 0 }, /concurrency/],
  [{ uplink: { url: 'http://server/uplink', serverName: 's' } }, /uplink\.url/],
])('a configuration with %j is refused', (change, message) => {
  const good = {
    dataDir: 'd',
    identityDir: 'i',
    uplink: { url: 'https://server/uplink', serverName: 's' },
    secure: { port: 0 },
    notice: { port: 0 },
    vendorKeyFiles: ['v'],
  };
  expect(Object.isFrozen(parseConfig(good).uplink)).toBe(true);
  expect(() => parseConfig({ ...good, ...change })).toThrow(message);
});
