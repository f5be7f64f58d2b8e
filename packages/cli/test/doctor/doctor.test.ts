import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { Days, Hours, Instant, silentLogger, systemClock, systemEntropy } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { type ManagementServer, startManagementServer } from '@postern/management-server';
import { type Authority, ensureNodeIdentity, openAuthority, publishRevocationList } from '@postern/pki';
import { generateVendorKey } from '@postern/software-update';
import { checkClock } from '../../src/doctor/above.ts';
import { checkDataDirectory } from '../../src/doctor/data-directory.ts';
import type { Finding } from '../../src/doctor/finding.ts';
import { checkIdentity, checkRevocationList } from '../../src/doctor/identity.ts';
import { checkDescriptors, checkNativeModule, checkNode } from '../../src/doctor/machine.ts';
import { checkPort } from '../../src/doctor/ports.ts';
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
    ...['revocation list', 'port secure', 'port notice', 'reach uplink', 'clock'],
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
    { check: 'reach intermediary', says: expect.stringContaining('ECONNREFUSED') },
  ]);
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
