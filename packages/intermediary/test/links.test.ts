import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, jest, test } from '@jest/globals';
import { type device, intermediaryContract, type uplink } from '@postern/contracts';
import { errorCode, systemClock } from '@postern/core';
import { memoryLogger, seededEntropy } from '@postern/core/testing';
import { type Intermediary, type IntermediaryConfigInput, parseConfig } from '@postern/intermediary';
import type { EnrolledNode } from '@postern/pki';
import { createSoapClient } from '@postern/soap-rpc';
import { encodePasswordList, makePasswordList, type TlsMode } from '@postern/software-update';
import { afterThisTest } from './support/directory.ts';
import { NetworkDevice, type NetworkDeviceOptions } from './support/network-device.ts';
import { ScriptedServer } from './support/scripted-server.ts';
import { IMAGE, MODEL, makeManifest, sha256, sign } from './support/software.ts';
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

/** A device that tells its intermediary of its start, over TLS where it has that. */
const attach = async (site: Intermediary, options: NetworkDeviceOptions = {}): Promise<NetworkDevice> => {
  const device = await NetworkDevice.start(world, 'mfp-1', options);
  device.securePort = site.securePort;
  device.onRestart = async () => {
    await plainClient(site.noticePort).call('NotifyStart', device.startNotice());
  };
  return device;
};

const registered = async (site: Intermediary, options: NetworkDeviceOptions = {}): Promise<NetworkDevice> => {
  const device = await attach(site, options);
  await device.secureClient(site.securePort).call('Register', { device: device.information });
  return device;
};

const plainClient = (port: number) => {
  const client = createSoapClient(intermediaryContract, {
    url: `http://127.0.0.1:${port}/intermediary`,
    clock: systemClock,
  });
  afterThisTest(() => client.close());
  return client;
};

const order = (policy?: device.UpdatePolicy): uplink.RequestBody => ({
  kind: 'UpdateSoftware',
  value: {
    signedManifest: sign(makeManifest()),
    deadlineSeconds: 60,
    ...(policy === undefined ? {} : { policy }),
  },
});

const updated = async (policy?: device.UpdatePolicy): Promise<device.UpdateSoftwareResponse> => {
  server.request('job-1', 'mfp-1', order(policy));
  const body = await server.answer('job-1');
  if (body.kind !== 'UpdateSoftwareResponse') throw new TypeError(JSON.stringify(body));
  return body.value;
};

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'succeeded',
    (error: unknown) => errorCode(error, String(error)),
  );

/** A certificate of an authority that the site does not know, for a device that asks for one of its own. */
const foreignNode = async (): Promise<EnrolledNode> => {
  const ours = await world.enrol({ role: 'device', name: 'unused' });
  const theirs = await (await World.make()).enrol({ role: 'device', name: 'mfp-1' });
  return { ...theirs, caPem: ours.caPem };
};

const linked = (tls: TlsMode) => ({ devices: { 'mfp-1': { tls } } });

/** @spec A1 A2 A3 */
test.each<[TlsMode, boolean, string, readonly device.AssuranceGap[]]>([
  ['mutual', false, 'site-a', []],
  ['intermediary-authenticated', true, 'site-a', ['device-unauthenticated']],
  ['device-authenticated', false, 'nobody', ['updater-unauthenticated']],
])('an update over a link that is %s', async (link, foreign, caller, gap) => {
  const site = await start(linked(link));
  const device = await registered(site, { link, ...(foreign ? { node: await foreignNode() } : {}) });
  expect(await updated()).toMatchObject({
    state: 'verified',
    assurance: gap.length === 0 ? 'full' : 'partial',
    gaps: { gap },
    credential: 'erased',
    software: 'mfp-9-release',
    orderedBy: 'server',
  });
  expect([...device.callers]).toEqual([caller]);
  expect(device.received).toBe(sha256(IMAGE));
});

/** @spec A2 */
test('a caller without a certificate speaks only for devices that have none, and neither orders nor erases', async () => {
  const site = await start({ devices: { nameless: { tls: 'intermediary-authenticated' } } });
  const device = await registered(site);
  const caller = device.secureClient(site.securePort, 'intermediary-authenticated');
  const elsewhere = { host: '127.0.0.1', port: 9 };
  const forged = { ...device.information, bulkPath: elsewhere };
  const refusal = caller.call('Register', { device: forged });
  await expect(refusal).rejects.toMatchObject({
    code: 'not-authorised',
    hint: expect.stringMatching(/devices\.mfp-1\.tls.*secureLink/),
  });
  const calls = [
    caller.call('NotifyStart', { deviceId: 'mfp-1', program: 'firmware', bulkPath: elsewhere }),
    caller.call('RequestOneTimePassword', { orderId: 'panel-1' }),
    caller.call('StoreOneTimePassword', {
      jobId: 'panel-1',
      oneTimePassword: 'p'.repeat(43),
      lifetimeSeconds: 60,
    }),
    caller.call('EraseOneTimePassword', { jobId: 'job-1' }),
  ];
  expect(await Promise.all(calls.map(codeOf))).toEqual(calls.map(() => 'not-authorised'));
  const own = { ...device.information, deviceId: 'nameless' };
  expect(await codeOf(caller.call('Register', { device: own }))).toBe('succeeded');
  // What a certificate proves is worth what it always was.
  expect(await codeOf(device.secureClient(site.securePort).call('Register', { device: own }))).toBe(
    'not-authorised',
  );
  expect(await updated()).toMatchObject({ state: 'verified', assurance: 'full' });
});

/** @spec A2 */
test('a certificate of another authority proves no more than none', async () => {
  const site = await start({ devices: { nameless: { tls: 'intermediary-authenticated' } } });
  const device = await registered(site, { node: await foreignNode() }).then(
    () => 'succeeded',
    (error: unknown) => errorCode(error, 'none'),
  );
  expect(device).toBe('not-authorised');
});

/** @spec A2 */
test('registrations that nothing proves are limited', async () => {
  const site = await start({
    ...linked('intermediary-authenticated'),
    unprovedStarts: { burst: 1, interval: 60 },
  });
  const device = await registered(site, { link: 'intermediary-authenticated' });
  const again = device.secureClient(site.securePort).call('Register', { device: device.information });
  expect(await codeOf(again)).toBe('too-many-starts');
});

/** @spec A1 A2 A3 */
test.each<[TlsMode, TlsMode, boolean]>([
  ['device-authenticated', 'mutual', false],
  ['device-authenticated', 'intermediary-authenticated', false],
  ['mutual', 'intermediary-authenticated', true],
])(
  'a link that is %s here and %s at the device fails, and says what to look at',
  async (here, there, foreign) => {
    const site = await start({ ...linked(here), requests: { tries: 1 } });
    const device = await registered(site);
    const other = await attach(site, { link: there, ...(foreign ? { node: await foreignNode() } : {}) });
    await device.secureClient(site.securePort).call('Register', {
      device: {
        ...device.information,
        securePath: other.information.securePath as device.DeviceInformation['securePath'] & {},
      },
    });
    server.request('r1', 'mfp-1', { kind: 'ConfirmAlive', value: {} });
    expect(await server.answer('r1')).toMatchObject({
      kind: 'Failure',
      value: {
        code: 'device-unreachable',
        message: expect.stringContaining(`devices.mfp-1.tls is ${here} here, secureLink of the device`),
        hint: expect.stringMatching(/devices\.mfp-1\.tls.*secureLink/),
      },
    });
    expect(other.calls).toEqual([]);
  },
);

/** @spec A1 */
test('where all devices prove themselves, nobody gets in without a certificate', async () => {
  const site = await start(linked('device-authenticated'));
  const device = await attach(site);
  const caller = device.secureClient(site.securePort, 'intermediary-authenticated');
  const refused = await codeOf(caller.call('Register', { device: device.information }));
  expect(['tls-refused', 'connection-lost']).toContain(refused);
});

/** @spec U11 U12 U15 U18 */
test.each<[string, IntermediaryConfigInput['devices'], device.UpdatePolicy | undefined, readonly string[]]>([
  [
    'the device answers with its password',
    {},
    { passwordGenerator: 'target', invalidation: 'overwrite-fixed' },
    ['tls GenerateOneTimePassword', 'tls StoreOneTimePassword'],
  ],
  [
    'the device brings its password and is told in plain HTTP that it is over',
    { 'mfp-1': { passwordGenerator: 'target', plainRequests: true, invalidation: 'request' } },
    undefined,
    ['plain GenerateOneTimePassword', 'plain InvalidateOneTimePassword'],
  ],
  [
    'the device ends its password itself',
    { 'mfp-1': { eraser: 'target' } },
    { passwordGenerator: 'target' },
    ['tls GenerateOneTimePassword', 'tls ConcludeUpdate'],
  ],
  [
    'the device without plain path is told over TLS',
    { 'mfp-1': { invalidation: 'request' } },
    undefined,
    ['tls StoreOneTimePassword', 'tls InvalidateOneTimePassword'],
  ],
])('an update where %s', async (_name, devices = {}, policy, calls) => {
  const site = await start({ devices });
  const plain = calls.some((call) => call.startsWith('plain'));
  const device = await registered(site, { plain });
  expect(await updated(policy)).toMatchObject({ state: 'verified', assurance: 'full', credential: 'erased' });
  expect(device.calls).toEqual(calls);
  expect(device.credential).toBeUndefined();
});

/** @spec U15 */
test('a plain request that somebody forges costs one refused call and changes nothing', async () => {
  const site = await start({ devices: { 'mfp-1': { plainRequests: true } } });
  const device = await registered(site, { plain: true });
  expect(await codeOf(device.bring('job-of-nobody'))).toBe('password-not-expected');
  expect(device.credential).toBeUndefined();
});

/** @spec U16 U17 */
test.each(['updater', 'target'] as const)(
  'an update ordered at the panel, the password made by the %s',
  async (party) => {
    const site = await start();
    const device = await registered(site);
    const panel = device.secureClient(site.securePort);
    const refused = await panel.call('RequestOneTimePassword', { orderId: 'panel-0' });
    expect(refused).toMatchObject({ accepted: false, failure: { code: 'no-software' } });
    server.request('f1', 'site-a', {
      kind: 'FetchSoftware',
      value: { signedManifest: sign(makeManifest()) },
    });
    expect((await server.answer('f1')).kind).toBe('FetchSoftwareResponse');

    const erased = new Promise<void>((resolve) => {
      device.onErased = resolve;
    });
    if (party === 'updater') {
      const orders = [1, 2].map(() => panel.call('RequestOneTimePassword', { orderId: 'panel-1' }));
      const [first, again] = await Promise.all(orders);
      expect(first).toMatchObject({ accepted: true });
      expect(again).toEqual(first);
    } else {
      const answer = await device.bring('panel-1');
      expect(answer).toMatchObject({ jobId: 'panel-1', userName: 'site-a' });
    }
    await erased;
    expect(device.versions).toEqual({ firmware: '2.0' });
    const shared = party === 'updater' ? ['tls StoreOneTimePassword'] : [];
    expect(device.calls).toEqual([...shared, 'tls StoreOneTimePassword']);
  },
);

/** @spec P1 */
test('an update with a password list, of a device that never uses TLS', async () => {
  const list = makePasswordList(seededEntropy('list'), { deviceId: 'mfp-1', userName: 'site-a', count: 20 });
  const file = join(world.directory, 'list.json');
  await writeFile(file, encodePasswordList(list), { mode: 0o600 });
  const options = { list, plain: true };
  const device = await NetworkDevice.start(world, 'mfp-1', options);
  const { bulkPath, plainPath } = device.information;
  if (bulkPath === undefined || plainPath === undefined) throw new TypeError('It listens');
  const site = await start({
    devices: {
      'mfp-1': {
        credential: 'password-list',
        passwordListFile: file,
        address: { host: '127.0.0.1', bulkPort: bulkPath.port, plainPort: plainPath.port, model: MODEL },
      },
    },
  });
  device.onRestart = async () => {
    await plainClient(site.noticePort).call('NotifyStart', device.startNotice());
  };
  // It is ahead by two: its answers were lost some time ago.
  device.position = 2;
  expect(await updated()).toMatchObject({
    state: 'verified',
    assurance: 'partial',
    gaps: { gap: ['listed-password'] },
    credential: 'erased',
  });
  // One that brings both sides into step, one for the transfer, one at the end.
  expect(device.calls).toEqual(Array.from({ length: 3 }, () => 'plain MarkPasswordUsed'));
  expect(device.position).toBe(4);
  expect(device.received).toBe(sha256(IMAGE));
  expect(JSON.stringify(log.lines)).not.toContain(list.entries[2]?.password);
});

test.each<[IntermediaryConfigInput['devices'], RegExp]>([
  [{ m: { tls: 'intermediary-authenticated', eraser: 'target' } }, /devices\.m: .*proves nothing/],
  [{ m: { credential: 'password-list' } }, /devices\.m\.passwordListFile/],
  [{ 'no name': {} }, /devices\.no name/],
])('a configuration with devices %j is refused', (devices = {}, message) => {
  const config = {
    dataDir: 'd',
    identityDir: 'i',
    secure: { port: 0 },
    notice: { port: 0 },
    vendorKeyFiles: ['v'],
    devices,
  };
  expect(() => parseConfig(config)).toThrow(message);
});
