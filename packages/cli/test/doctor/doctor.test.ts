import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { Days, Hours, Instant, silentLogger, systemClock, systemEntropy } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { deviceDirectory, manufactureDevice, profileNamed } from '@postern/device-emulator';
import { type ManagementServer, startManagementServer } from '@postern/management-server';
import {
  type Authority,
  ensureMailIdentity,
  ensureNodeIdentity,
  openAuthority,
  publishRevocationList,
} from '@postern/pki';
import { generateVendorKey } from '@postern/software-update';
import { checkClock } from '../../src/doctor/above.ts';
import { checkDataDirectory } from '../../src/doctor/data-directory.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { checkIdentity, checkRevocationList } from '../../src/doctor/identity.ts';
import { checkDescriptors, checkNativeModule, checkNode } from '../../src/doctor/machine.ts';
import { checkMailIdentity } from '../../src/doctor/mail.ts';
import { checkPort } from '../../src/doctor/ports.ts';
import { checkVendorKeys } from '../../src/doctor/vendor-keys.ts';
import { run } from '../../src/main.ts';

const ports = { clock: systemClock, entropy: systemEntropy };
let directory = '';
let authority: Authority;
let server: ManagementServer;
const path = (name: string): string => join(directory, name);
const output: string[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-doctor-'));
  authority = await openAuthority({ directory: path('ca'), ...ports });
  for (const [role, name] of [
    ['server', 'main'],
    ['intermediary', 'site-a'],
    ['device', 'printer-1'],
  ] as const) {
    await ensureNodeIdentity({
      directory: path(name),
      identity: { role, name },
      clock: systemClock,
      authority,
      lifetime: Days(60),
    });
  }
  await publishRevocationList(authority, path('revoked.pem'), Days(7));
  await writeFile(path('vendor.pub'), generateVendorKey().publicKeyPem);
  server = await startManagementServer(
    { dataDir: path('data'), identityDir: path('main'), uplink: { port: 0 }, rest: { port: 0 } },
    { ...ports, logger: silentLogger },
  );
});
afterAll(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});
beforeEach(() => {
  output.length = 0;
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => output.push(String(text)) > 0);
});
afterEach(() => {
  jest.restoreAllMocks();
  process.exitCode = 0;
});

const doctor = async (...argv: string[]) => {
  process.exitCode = 0;
  await run(['node', 'postern', 'doctor', ...argv, '--json']);
  return { code: Number(process.exitCode), findings: JSON.parse(output.at(-1) ?? '[]') as Finding[] };
};
const verdicts = (findings: readonly Finding[]): object =>
  Object.fromEntries(findings.map(({ check, verdict }) => [check, verdict]));

const config = async (name: string, content: object): Promise<string> => {
  await writeFile(path(name), JSON.stringify(content));
  return path(name);
};
const intermediary = (changes: object = {}) => ({
  dataDir: path('site'),
  identityDir: path('site-a'),
  revocationListFile: path('revoked.pem'),
  uplink: { url: `https://127.0.0.1:${server.uplinkPort}/uplink`, serverName: 'main' },
  secure: { host: '127.0.0.1', port: 0 },
  notice: { host: '127.0.0.1', port: 0 },
  vendorKeyFiles: [path('vendor.pub')],
  ...changes,
});

test('a machine alone', async () => {
  const { code, findings } = await doctor();
  expect(code).toBe(0);
  expect(verdicts(findings)).toEqual({ node: 'ok', 'native module': 'ok' });
});

test('an intermediary that has all it needs, and the same as a table', async () => {
  const file = await config('site.json', intermediary());
  const { code, findings } = await doctor('--intermediary', '--config', file);
  expect(findings.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
  expect(Object.keys(verdicts(findings))).toEqual([
    ...['node', 'native module', 'configuration', 'data directory', 'disk', 'open files', 'identity'],
    ...['revocation list', 'vendor keys', 'port secure', 'port notice', 'reach uplink', 'clock'],
  ]);
  expect(code).toBe(0);
  await run(['node', 'postern', 'doctor', '--intermediary', '--config', file]);
  expect(output.at(-1)).toMatch(/^ok +reach uplink +https:.* answers over TLS, and speaks the contract$/m);
  expect(output.join('')).not.toContain('PRIVATE');
});

test('a server that runs: its directory is in use, and its ports are its own', async () => {
  const { uplinkPort, restPort } = server;
  const { code, findings } = await doctor(
    ...['--server', '--set', `dataDir=${path('data')}`, `identityDir=${path('main')}`],
    ...[`uplink.port=${uplinkPort}`, `rest.port=${restPort}`, `revocationListFile=${path('revoked.pem')}`],
  );
  expect(findings.find(({ check }) => check === 'data directory')?.says).toContain('its tier runs');
  expect(verdicts(findings)).toMatchObject({ 'port uplink': 'ok', 'port rest': 'ok', identity: 'ok' });
  expect(code).toBe(0);
});

test.each<[string, () => object, string, RegExp]>([
  [
    'nobody listens there',
    () => ({ uplink: { url: 'https://127.0.0.1:1/uplink', serverName: 'main' } }),
    'reach uplink',
    /ECONNREFUSED/,
  ],
  [
    'the server has another name',
    () => ({ uplink: { ...intermediary().uplink, serverName: 'other' } }),
    'reach uplink',
    /identity-unexpected/,
  ],
  [
    'another path',
    () => ({ uplink: { url: `https://127.0.0.1:${server.uplinkPort}/other`, serverName: 'main' } }),
    'reach uplink',
    /answers with 404/,
  ],
  [
    'the bundle of another node',
    () => ({ identityDir: path('printer-1') }),
    'identity',
    /not of intermediary/,
  ],
  ['no bundle', () => ({ identityDir: path('nowhere') }), 'identity', /identity-missing/],
  ['a list that is none', () => ({ revocationListFile: path('vendor.pub') }), 'revocation list', /unusable/],
  ['a wrong configuration', () => ({ colour: 'red' }), 'configuration', /config-invalid/],
  [
    'a port of another process',
    () => ({ secure: { host: '127.0.0.1', port: server.restPort } }),
    'port secure',
    /another process/,
  ],
  [
    'an address of another machine',
    () => ({ notice: { host: '192.0.2.1', port: 9_080 } }),
    'port notice',
    /no address/,
  ],
])('fails and says what to do: %s', async (_, changes, check, says) => {
  const file = await config('site.json', intermediary(changes()));
  const { code, findings } = await doctor('--intermediary', '--config', file);
  expect(findings.find((finding) => finding.check === check)).toMatchObject({
    verdict: 'fail',
    says: expect.stringMatching(says),
    next: expect.stringMatching(/./),
  });
  expect(code).toBe(1);
});

test('devices: bundles by name, and their intermediary', async () => {
  const file = await config('devices.json', {
    dataDir: path('devices'),
    vendorKeyFiles: [path('vendor.pub')],
    intermediary: {
      name: 'site-a',
      secureUrl: 'https://127.0.0.1:1/intermediary',
      noticeUrl: 'http://127.0.0.1:1/intermediary',
    },
    devices: [
      { id: 'printer-1', identityDir: path('printer-1') },
      { id: 'printer-2', identityDir: path('printer-1') },
    ],
  });
  const { code, findings } = await doctor('--device', '--config', file);
  expect(code).toBe(1);
  expect(findings.filter(({ verdict }) => verdict === 'fail')).toMatchObject([
    { check: 'identity', says: expect.stringContaining('not of device printer-2') },
    {
      check: 'devices',
      says: expect.stringContaining('printer-1, printer-2'),
      next: expect.stringContaining('postern device manufacture printer-1'),
    },
    { check: 'reach intermediary', says: expect.stringContaining('ECONNREFUSED') },
  ]);
});

test('a device with the intermediary built in: both are looked at, and the device calls nobody outside', async () => {
  const { revocationListFile, vendorKeyFiles, ...function_ } = intermediary({
    dataDir: path('car/function'),
  });
  const configuration = { ...function_, revocationListFile, vendorKeyFiles };
  const devices = [{ id: 'printer-1', identityDir: path('printer-1'), profile: 'automobile' }];
  const car = { dataDir: path('car'), vendorKeyFiles, revocationListFile, devices };
  const built = await config('car.json', {
    ...car,
    intermediaryFunction: { carrier: 'printer-1', configuration },
  });
  await manufactureDevice({
    directory: deviceDirectory(path('car'), 'printer-1'),
    profile: profileNamed('automobile'),
    software: [{ name: 'firmware', version: '1.0.0', releaseCounter: 1, content: Buffer.from('x') }],
  });
  const { code, findings } = await doctor('--device', '--config', built);
  expect(findings.filter(({ verdict }) => verdict !== 'ok')).toEqual([]);
  expect(code).toBe(0);
  const says = (check: string) => findings.filter((finding) => finding.check === check).map((it) => it.says);
  expect(says('configuration')).toEqual(['of 1 devices', 'of the intermediary that is built in']);
  expect(says('identity')).toEqual([
    expect.stringMatching(/^device printer-1, /),
    expect.stringMatching(/^intermediary site-a, /),
  ]);
  expect(says('devices')).toEqual(['1 are made']);
  expect(findings.map(({ check }) => check)).toContain('reach uplink');
  expect(findings.map(({ check }) => check)).not.toContain('reach intermediary');

  // The same car behind the intermediary of a site, and of a kind that there is not.
  const urls = { secureUrl: 'https://127.0.0.1:1/i', noticeUrl: 'http://127.0.0.1:1/i' };
  const alone = await config('alone.json', { ...car, intermediary: { name: 'site-a', ...urls } });
  expect((await doctor('--device', '--config', alone)).findings).toContainEqual({
    check: 'devices',
    verdict: 'warn',
    says: 'bring their own intermediary, and run without: printer-1',
    next: expect.stringContaining('intermediaryFunction'),
  });
  const other = { ...configuration, uplink: { ...configuration.uplink, serverName: 'other' } };
  const wrong = await config('car.json', {
    ...car,
    intermediaryFunction: { carrier: 'printer-1', configuration: other },
  });
  expect((await doctor('--device', '--config', wrong)).findings).toContainEqual(
    expect.objectContaining({ check: 'reach uplink', verdict: 'fail' }),
  );
});

test('vendor keys: none, no key, too few, and one that others may write', async () => {
  const look = async (threshold: number, ...names: readonly string[]) =>
    (await checkVendorKeys({ files: names.map(path), threshold })).map(({ verdict, says, next }) => ({
      verdict,
      text: `${says} → ${next}`,
    }));
  await writeFile(path('second.pub'), generateVendorKey().publicKeyPem);
  await writeFile(path('open.pub'), generateVendorKey().publicKeyPem);
  await chmod(path('open.pub'), 0o666);
  expect(await look(2, 'vendor.pub', 'second.pub')).toMatchObject([
    { verdict: 'ok', text: expect.stringContaining('2 different, of which 2 must have signed') },
  ]);
  expect(await look(1)).toMatchObject([{ verdict: 'warn', text: expect.stringContaining('vendorKeyFiles') }]);
  expect(await look(1, 'vendor.pub', 'absent.pub', 'main/node.pem', 'revoked.pem')).toMatchObject([
    { verdict: 'fail', text: expect.stringMatching(/absent\.pub holds no Ed25519 public key \(ENOENT\)/) },
    { verdict: 'fail', text: expect.stringContaining('node.pem holds no Ed25519 public key') },
    { verdict: 'fail', text: expect.stringContaining('revoked.pem holds no Ed25519 public key') },
  ]);
  // The same key twice is one.
  expect(await look(2, 'vendor.pub', 'vendor.pub')).toMatchObject([
    { verdict: 'fail', text: expect.stringContaining('vendorThreshold') },
  ]);
  expect(await look(1, 'vendor.pub', 'open.pub')).toMatchObject([
    { verdict: 'warn', text: expect.stringContaining('chmod go-w') },
    { verdict: 'ok' },
  ]);
});

/** @spec R9 */
test('mail: the identity of its own that it takes, and the certificates of those who are mailed to', async () => {
  const enrolled = (name: string, role: 'server' | 'intermediary') => ({
    ...{ directory: path(name), identity: { role, name }, clock: systemClock, authority },
    lifetime: Days(60),
  });
  const file = await config(
    'mail.json',
    intermediary({
      mail: {
        listen: { host: '127.0.0.1', port: 0 },
        address: 'site-a@example.com',
        allowedHosts: ['127.0.0.1'],
      },
    }),
  );
  const mailOf = async (...argv: string[]) =>
    (await doctor(...argv)).findings.filter(({ check }) => check.startsWith('mail '));
  expect(await mailOf('--intermediary', '--config', file)).toMatchObject([
    {
      verdict: 'fail',
      next: expect.stringContaining('postern pki issue urn:postern:intermediary:site-a --mail'),
    },
  ]);
  await ensureMailIdentity(enrolled('site-a', 'intermediary'));
  expect(await mailOf('--intermediary', '--config', file)).toMatchObject([{ verdict: 'ok' }]);

  await ensureMailIdentity(enrolled('main', 'server'));
  const mailTo = (name: string, certificateFile: string) => [
    ...['--server', '--set', `dataDir=${path('data')}`, `identityDir=${path('main')}`],
    ...['mail.relay.host=localhost', 'mail.from=server@example.com'],
    `mail.intermediaries={${name}: {address: a@example.com, certificateFile: ${path(certificateFile)}}}`,
  ];
  expect(await mailOf(...mailTo('site-a', 'site-a/mail.pem'))).toMatchObject([
    { check: 'mail identity', verdict: 'ok' },
    { check: 'mail to site-a', verdict: 'ok' },
  ]);
  for (const [name, certificateFile] of [
    ['site-b', 'site-a/mail.pem'],
    ['site-a', 'site-a/node.pem'],
    ['site-a', 'site-a/absent.pem'],
  ] as const) {
    expect(await mailOf(...mailTo(name, certificateFile))).toMatchObject([
      { verdict: 'ok' },
      { check: `mail to ${name}`, verdict: 'fail', next: expect.stringMatching(/--mail|mail\.pem/) },
    ]);
  }
  const { node } = await checkIdentity(path('site-a'), 'intermediary', systemClock);
  const later = new VirtualClock(Instant(systemClock.now() + 50 * 86_400_000));
  expect(node && (await checkMailIdentity(path('site-a'), node, later))).toMatchObject({ verdict: 'warn' });
});

test('usage: a configuration needs a tier, and one tier at a time', async () => {
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  for (const argv of [
    ['--config', 'x'],
    ['--server', '--device'],
  ]) {
    process.exitCode = 0;
    await run(['node', 'postern', 'doctor', ...argv]);
    expect(process.exitCode).toBe(2);
  }
});

test('Node, its native module, open files', async () => {
  expect(checkNode('20.18.3')).toMatchObject({ verdict: 'fail', next: expect.stringContaining('20.19') });
  expect(checkNode('18.20.0').verdict).toBe('fail');
  expect(['20.19.0', '22.1.0', '24.0.0'].map((version) => checkNode(version).verdict)).toEqual([
    'ok',
    'ok',
    'ok',
  ]);
  const broken = await checkNativeModule(() => Promise.reject(new Error('NODE_MODULE_VERSION 108\nmore')));
  expect(broken).toMatchObject({ verdict: 'fail', next: expect.stringContaining('npm rebuild') });
  expect(broken.says).not.toContain('more');
  expect(checkDescriptors(2_000, 1_024)).toMatchObject({
    verdict: 'warn',
    next: expect.stringContaining('ulimit -n 2000'),
  });
  expect(checkDescriptors(2_000, 2_000).verdict).toBe('ok');
  expect(checkDescriptors(2_000, undefined).verdict).toBe('ok');
});

test('a data directory: missing, a file, a disk that is full or nearly so', async () => {
  const look = async (name: string, free = 2 ** 40) =>
    (await checkDataDirectory(path(name), systemEntropy, async () => free)).findings;
  expect(await look('new/deep')).toMatchObject([{ verdict: 'ok' }, { verdict: 'ok' }]);
  expect(await look('vendor.pub')).toMatchObject([{ verdict: 'fail' }]);
  await mkdir(path('here'));
  expect(await look('here', 2 ** 29)).toMatchObject([
    { verdict: 'ok' },
    { check: 'disk', verdict: 'warn', says: '512.0 MiB free', next: expect.stringContaining('Make room') },
  ]);
  expect(await look('here', 2 ** 20)).toMatchObject([{ verdict: 'ok' }, { check: 'disk', verdict: 'fail' }]);
});

test('certificates and lists that end soon are warned of, those that have ended fail', async () => {
  const later = (days: number) => new VirtualClock(Instant(systemClock.now() + days * 86_400_000));
  const identityIn = async (days: number) =>
    (await checkIdentity(path('site-a'), 'intermediary', later(days))).findings[0];
  expect(await identityIn(50)).toMatchObject({
    verdict: 'warn',
    next: expect.stringContaining('postern pki issue'),
  });
  expect(await identityIn(61)).toMatchObject({
    verdict: 'fail',
    says: expect.stringContaining('certificate-expired'),
  });
  const { node } = await checkIdentity(path('site-a'), 'intermediary', systemClock);
  const listIn = (days: number) => checkRevocationList(path('revoked.pem'), node?.caPem ?? '', later(days));
  expect(await listIn(6.5)).toMatchObject({
    verdict: 'warn',
    next: expect.stringContaining('postern pki crl'),
  });
  expect(await listIn(8)).toMatchObject({ verdict: 'fail' });
  expect(await checkRevocationList(undefined, node?.caPem ?? '', systemClock)).toMatchObject({
    verdict: 'warn',
  });
});

test('a key that others may read fails', async () => {
  await ensureNodeIdentity({
    directory: path('open'),
    identity: { role: 'device', name: 'open' },
    clock: systemClock,
    authority,
    lifetime: Hours(1_000),
  });
  await chmod(path('open/node.key'), 0o644);
  const { findings } = await checkIdentity(path('open'), 'device', systemClock, 'open');
  expect(findings).toMatchObject([{ verdict: 'fail', says: expect.stringContaining('key-too-open') }]);
});

test('a clock that differs', () => {
  const now = systemClock.now();
  expect(checkClock(now, systemClock).verdict).toBe('ok');
  expect(checkClock(now - 60_000, systemClock)).toMatchObject({
    verdict: 'warn',
    says: expect.stringMatching(/by \d+ s/),
  });
  expect(checkClock(now + 600_000, systemClock)).toMatchObject({
    verdict: 'fail',
    next: expect.stringContaining('NTP'),
  });
});

test('a port that is taken is its own only while the tier runs', async () => {
  const other = await new Promise<Server>((resolve) => {
    const listening: Server = createServer().listen(0, '127.0.0.1', () => resolve(listening));
  });
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const listener = { name: 'rest', host: '127.0.0.1', port };
  expect((await checkPort(listener, true)).verdict).toBe('ok');
  expect(await checkPort(listener, false)).toMatchObject({
    verdict: 'fail',
    next: expect.stringContaining('rest.port'),
  });
  await new Promise((resolve) => other.close(resolve));
  expect((await checkPort(listener, false)).verdict).toBe('ok');
});
