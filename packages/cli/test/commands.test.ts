import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { silentLogger, systemClock } from '@postern/core';
import { deviceDirectory, isManufactured } from '@postern/device-emulator';
import { openRevocationList } from '@postern/pki';
import { followRotations, pinVendorKeys, readPasswordList, verifyManifest } from '@postern/software-update';
import { run } from '../src/main.ts';

let directory = '';
const output: string[] = [];
const errors: string[] = [];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-cli-'));
  output.length = 0;
  errors.length = 0;
  process.exitCode = 0;
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => output.push(String(text)) > 0);
  jest.spyOn(process.stderr, 'write').mockImplementation((text) => errors.push(String(text)) > 0);
});

afterEach(async () => {
  jest.restoreAllMocks();
  process.exitCode = 0;
  await rm(directory, { recursive: true });
});

const postern = async (...argv: string[]): Promise<number> => {
  await run(['node', 'postern', ...argv]);
  return Number(process.exitCode ?? 0);
};
const path = (name: string): string => join(directory, name);

test('a vendor makes a key and signs an image; the manifest verifies with the public half', async () => {
  await writeFile(path('image.bin'), 'an image');
  expect(await postern('software', 'keygen', path('vendor'))).toBe(0);
  expect((await stat(path('vendor.key'))).mode & 0o777).toBe(0o600);
  const component = `firmware:2.0.0:7:${path('image.bin')}`;
  const signing = [
    '--key',
    path('vendor.key'),
    '--software',
    'demo',
    '--model',
    'M-1',
    '--component',
    component,
  ];
  expect(await postern('software', 'sign', ...signing, '--out', path('manifest.json'), '--json')).toBe(0);
  const trusted = pinVendorKeys([await readFile(path('vendor.pub'), 'utf8')]);
  const manifest = verifyManifest(await readFile(path('manifest.json')), trusted);
  expect(manifest).toMatchObject({ software: 'demo', model: 'M-1' });
  expect(manifest.components).toMatchObject([
    { name: 'firmware', version: '2.0.0', length: 8, releaseCounter: 7 },
  ]);
});

/** @spec X1 */
test('a vendor rotates to two keys that must both sign, and signs with both', async () => {
  await writeFile(path('image.bin'), 'an image');
  for (const name of ['old', 'a', 'b']) await postern('software', 'keygen', path(name));
  const keys = ['--current', path('old.key'), '--new', path('a.key'), '--new', path('b.key')];
  const how = ['--threshold', '2', '--sequence', '1', '--out', path('rotation.json'), '--json'];
  expect(await postern('software', 'rotate-keys', ...keys, ...how)).toBe(0);
  expect(JSON.parse(output.at(-1) ?? '')).toMatchObject({ sequence: 1, threshold: 2 });
  const pinned = pinVendorKeys([await readFile(path('old.pub'), 'utf8')]);
  const trust = followRotations(pinned, [await readFile(path('rotation.json'))]);

  const what = ['--software', 's', '--model', 'm', '--component', `firmware:1:1:${path('image.bin')}`];
  const sign = (...signers: string[]) =>
    postern(
      'software',
      'sign',
      ...signers.flatMap((name) => ['--key', path(name)]),
      ...what,
      '--out',
      path('out'),
    );
  expect(await sign('a.key', 'b.key')).toBe(0);
  expect(verifyManifest(await readFile(path('out')), trust)).toMatchObject({ software: 's' });
  expect(await sign('a.key', 'a.key')).toBe(0);
  const lonely = await readFile(path('out'));
  expect(() => verifyManifest(lonely, trust)).toThrow('1 signatures');

  await chmod(path('old.key'), 0o640);
  expect(await postern('software', 'rotate-keys', ...keys, ...how)).toBe(1);
  expect(errors.join('')).toContain('key-too-open');
});

/** @spec P1 */
test('a password list is made for its owner alone, and never overwritten', async () => {
  const words = ['passwords', 'generate', '--device', 'mfp-1', '--updater', 'site-1', '--count', '12'];
  expect(await postern(...words, '--out', path('list.json'), '--json')).toBe(0);
  expect((await stat(path('list.json'))).mode & 0o777).toBe(0o600);
  const list = readPasswordList(await readFile(path('list.json')));
  expect(list).toMatchObject({ deviceId: 'mfp-1', userName: 'site-1' });
  expect(list.entries).toHaveLength(12);
  expect(output.join('')).not.toContain(list.entries[0]?.password);
  expect(await postern(...words, '--out', path('list.json'))).toBe(1);
  expect(errors.join('')).toContain('file-exists');
  expect(readPasswordList(await readFile(path('list.json')))).toEqual(list);
});

test('a vendor key is never overwritten', async () => {
  await postern('software', 'keygen', path('vendor'));
  expect(await postern('software', 'keygen', path('vendor'))).toBe(1);
  expect(errors.join('')).toContain('file-exists');
});

test('a vendor key that others may read signs nothing', async () => {
  await writeFile(path('image.bin'), 'an image');
  await postern('software', 'keygen', path('vendor'));
  await chmod(path('vendor.key'), 0o644);
  const what = ['--software', 's', '--model', 'm', '--component', `firmware:1:1:${path('image.bin')}`];
  expect(await postern('software', 'sign', '--key', path('vendor.key'), ...what, '--out', path('out'))).toBe(
    1,
  );
  expect(errors.join('')).toContain('key-too-open');
});

test('identities are issued by a development CA', async () => {
  expect(await postern('pki', 'init', '--ca', path('ca'))).toBe(0);
  const issue = ['pki', 'issue', 'urn:postern:device:printer-1', '--ca', path('ca'), '--out', path('bundle')];
  expect(await postern(...issue, '--json')).toBe(0);
  expect(JSON.parse(output.at(-1) ?? '')).toMatchObject({ identity: 'urn:postern:device:printer-1' });
  expect((await stat(path('bundle/node.key'))).mode & 0o777).toBe(0o600);
});

test('a certificate is taken back by its bundle, and the list says so to whoever reads it', async () => {
  await postern('pki', 'init', '--ca', path('ca'));
  await postern(
    'pki',
    'issue',
    'urn:postern:device:printer-1',
    '--ca',
    path('ca'),
    '--out',
    path('bundle'),
    '--json',
  );
  const { serial } = JSON.parse(output.at(-1) ?? '');
  const mail = ['pki', 'issue', 'urn:postern:device:printer-1', '--ca', path('ca'), '--out', path('bundle')];
  await postern(...mail, '--mail', '--json');
  const { serial: mailSerial } = JSON.parse(output.at(-1) ?? '');
  expect((await stat(path('bundle/mail.key'))).mode & 0o777).toBe(0o600);
  expect(await postern('pki', 'crl', '--ca', path('ca'), '--out', path('revoked.pem'))).toBe(0);
  const before = await readFile(path('revoked.pem'), 'utf8');
  const revoke = [
    'pki',
    'revoke',
    path('bundle'),
    '--ca',
    path('ca'),
    '--out',
    path('revoked.pem'),
    '--json',
  ];
  expect(await postern(...revoke)).toBe(0);
  expect(JSON.parse(output.at(-1) ?? '')).toEqual({ serial, mailSerial, list: path('revoked.pem') });
  const list = await openRevocationList({
    path: path('revoked.pem'),
    caPem: await readFile(path('bundle/ca.pem'), 'utf8'),
    clock: systemClock,
    logger: silentLogger,
  });
  list.close();
  expect(list.crlPem).not.toBe(before);
  expect([serial, mailSerial].map((one) => list.isRevoked(one))).toEqual([true, true]);
  expect((await stat(path('revoked.pem'))).mode & 0o777).toBe(0o644);
  expect(await postern('pki', 'revoke', 'no-serial', '--ca', path('ca'))).toBe(1);
  expect(errors.join('')).toContain('serial-invalid');
});

/** Nobody listens on port 1. */
const CONNECTION = ['--server', 'https://127.0.0.1:1', '--token-file', 'EMPTY', '--ca-file', 'EMPTY'];

test.each([
  ['an empty image', 1, 'image-empty', ['software', 'sign', '--component', 'firmware:1:1:EMPTY']],
  ['a missing image', 1, 'file-unreadable', ['software', 'sign', '--component', 'firmware:1:1:ABSENT']],
  [
    'a component without counter',
    1,
    'component-invalid',
    ['software', 'sign', '--component', 'firmware:1:x:EMPTY'],
  ],
  ['a foreign identity', 1, 'identity-invalid', ['pki', 'issue', 'urn:somebody:else', '--ca', 'CA']],
  ['an unknown command', 2, 'unknown command', ['fly']],
  ['a missing option', 2, 'required option', ['pki', 'init']],
  ['an unknown option', 2, 'unknown option', ['pki', 'init', '--ca', 'CA', '--colour']],
  ['a missing configuration', 1, 'config-unreadable', ['server', '--config', 'ABSENT']],
  ['a configuration without what it needs', 1, 'config-invalid', ['server', '--set', 'colour=red']],
  ['a device configuration without what it needs', 1, 'config-invalid', ['device', '--set', 'colour=red']],
  [
    'a device whose name leads elsewhere',
    1,
    'identity-invalid',
    ['device', 'manufacture', '../x', '--data-dir', 'CA', '--component', 'firmware:1:1:EMPTY'],
  ],
  [
    'a password list beyond its greatest length',
    1,
    'password-list-malformed',
    ['passwords', 'generate', '--device', 'd', '--updater', 'u', '--count', '10001', '--out', 'ABSENT'],
  ],
  [
    'a password list where there is no directory',
    1,
    'file-unwritable',
    ['passwords', 'generate', '--device', 'd', '--updater', 'u', '--out', '/nowhere/list.json'],
  ],
  [
    'a rotation with a threshold that nobody meets',
    1,
    'key-rotation-invalid',
    [
      'software',
      'rotate-keys',
      '--current',
      'vendor.key',
      '--new',
      'vendor.key',
      '--threshold',
      '2',
      '--sequence',
      '1',
      '--out',
      'ABSENT',
    ],
  ],
  ['a number that is none', 2, 'whole number', ['pki', 'issue', 'urn:x', '--ca', 'CA', '--days', 'many']],
  [
    'a missing manifest',
    1,
    'file-unreadable',
    ['software', 'add', '--manifest', 'ABSENT', '--image', 'EMPTY', ...CONNECTION],
  ],
  [
    'a server address without https',
    1,
    'server-url-invalid',
    ['update', 'list', ...CONNECTION.map((word) => word.replace('https:', 'http:'))],
  ],
  ['a server that does not run', 1, '--server names its REST port', ['update', 'list', ...CONNECTION]],
  [
    'a missing token file',
    1,
    'file-unreadable',
    ['update', 'list', '--server', 'https://127.0.0.1:1', '--token-file', 'ABSENT', '--ca-file', 'ABSENT'],
  ],
])('%s is refused with exit code %d and says why', async (_, exitCode, text, argv) => {
  await writeFile(path('EMPTY'), '');
  await postern('software', 'keygen', path('vendor'));
  const signing = ['--key', path('vendor.key'), '--software', 's', '--model', 'm', '--out', path('out')];
  const places = argv.map((word) => word.replace(/(EMPTY|ABSENT|CA|vendor\.key)$/, (name) => path(name)));
  expect(await postern(...places, ...(argv[1] === 'sign' ? signing : []))).toBe(exitCode);
  expect(errors.join('')).toContain(text);
});

test('a device is manufactured once, where `postern device` looks for it', async () => {
  await writeFile(path('image.bin'), 'an image');
  const words = ['device', 'manufacture', 'printer-1', '--data-dir', path('devices')];
  const software = ['--component', `firmware:1.0.0:1:${path('image.bin')}`];
  expect(await postern(...words, ...software, '--json')).toBe(0);
  expect(JSON.parse(output.at(-1) ?? '')).toEqual({ id: 'printer-1', directory: path('devices/printer-1') });
  expect(await isManufactured(deviceDirectory(path('devices'), 'printer-1'))).toBe(true);
  expect(await postern(...words, ...software)).toBe(1);
  expect(errors.join('')).toContain('device-exists');
});

test('every command explains itself', async () => {
  for (const command of [
    'demo',
    'server',
    'intermediary',
    'device',
    'pki',
    'software',
    'passwords',
    'update',
  ]) {
    output.length = 0;
    expect(await postern(command, '--help')).toBe(0);
    expect(output.join('')).toContain(`postern ${command}`);
  }
});
