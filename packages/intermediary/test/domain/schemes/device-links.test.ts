import { expect, test } from '@jest/globals';
import { errorCode } from '@postern/core';
import { DEFAULT_SCHEME } from '@postern/software-update';
import {
  deviceLink,
  hasUnprovedDevices,
  type LinkConfig,
  provesNothing,
  type SchemeDemand,
  schemeOf,
} from '../../../src/domain/schemes/device-links.ts';
import { linkMistakes } from '../../../src/domain/schemes/link-mistakes.ts';

const config = (
  scheme: LinkConfig['scheme'],
  devices: Record<string, LinkConfig['devices'][string]> = {},
): LinkConfig => ({ scheme, devices });

const chosen = (links: LinkConfig, demand: SchemeDemand = {}, registered: 'ftp' | 'sftp' = 'ftp') =>
  schemeOf(deviceLink(links, 'mfp-1'), 'server', registered, demand);

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    return errorCode(error, 'none');
  }
  return 'nothing thrown';
};

/** @spec U11 U12 U15 U18 */
test('the order comes before the device, the device before the site, the site before the default', () => {
  const links = config(
    { passwordGenerator: 'target', eraser: 'target', invalidation: 'request' },
    { 'mfp-1': { passwordGenerator: 'updater', eraser: 'target' } },
  );
  expect(schemeOf(deviceLink(links, 'mfp-2'), 'server', 'ftp')).toEqual({
    ...DEFAULT_SCHEME,
    passwordGenerator: 'target',
    eraser: 'target',
    invalidation: 'request',
  });
  expect(chosen(links)).toMatchObject({ passwordGenerator: 'updater', eraser: 'target' });
  expect(chosen(links, { eraser: 'updater', invalidation: 'overwrite-fixed' })).toEqual({
    ...DEFAULT_SCHEME,
    invalidation: 'overwrite-fixed',
  });
  expect(deviceLink(links, 'constructor').passwordGenerator).toBe('target');
});

/** @spec B1 */
test('the bulk path is the one that the device serves, and no other is accepted where one is demanded', () => {
  expect(chosen(config({}), {}, 'sftp')).toMatchObject({ bulkPathKind: 'sftp' });
  const encrypted = config({}, { 'mfp-1': { bulkPathKind: 'sftp' } });
  expect(chosen(encrypted, {}, 'sftp')).toMatchObject({ bulkPathKind: 'sftp' });
  expect(codeOf(() => chosen(encrypted, {}, 'ftp'))).toBe('bulk-path-not-allowed');
  expect(codeOf(() => chosen(encrypted, { bulkPathKind: 'ftp' }, 'sftp'))).toBe('bulk-path-not-allowed');
});

/** @spec A2 P1 U18 */
test.each<[string, LinkConfig, SchemeDemand, 'ftp' | 'sftp']>([
  [
    'a nameless device that shall erase',
    config({ tls: 'intermediary-authenticated' }),
    { eraser: 'target' },
    'ftp',
  ],
  ['a list on an encrypted path', config({}, { 'mfp-1': { credential: 'password-list' } }), {}, 'sftp'],
  [
    'a list that shall be erased',
    config({}, { 'mfp-1': { credential: 'password-list' } }),
    { eraser: 'updater' },
    'ftp',
  ],
])('an order is refused with scheme-not-allowed: %s', (_name, links, demand, registered) => {
  expect(codeOf(() => chosen(links, demand, registered))).toBe('scheme-not-allowed');
});

/** @spec A2 U16 */
test('a device that proves nothing orders nothing', () => {
  const link = deviceLink(config({ tls: 'intermediary-authenticated' }), 'mfp-1');
  expect(codeOf(() => schemeOf(link, 'panel', 'ftp'))).toBe('scheme-not-allowed');
  expect(schemeOf(link, 'operation-port', 'ftp')).toMatchObject({ tls: 'intermediary-authenticated' });
});

/** @spec A2 */
test('a device comes without a certificate only where it is configured so', () => {
  const links = config({}, { a: { tls: 'intermediary-authenticated' }, b: { tls: 'device-authenticated' } });
  const proves = (name: string): boolean => !provesNothing(deviceLink(links, name));
  expect([proves('a'), proves('b'), proves('c')]).toEqual([false, true, true]);
  expect([hasUnprovedDevices(links), hasUnprovedDevices(config({}))]).toEqual([true, false]);
  expect(hasUnprovedDevices(config({ tls: 'intermediary-authenticated' }))).toBe(true);
});

/** @spec A2 P1 */
test.each<[string, LinkConfig, string]>([
  ['the site', config({ tls: 'intermediary-authenticated', eraser: 'target' }), 'scheme'],
  [
    'a device through the site',
    config({ eraser: 'target' }, { m: { tls: 'intermediary-authenticated' } }),
    'devices.m',
  ],
  [
    'a list over SFTP',
    config({}, { m: { credential: 'password-list', passwordListFile: 'l', bulkPathKind: 'sftp' } }),
    'devices.m',
  ],
  ['a list without a file', config({}, { m: { credential: 'password-list' } }), 'devices.m.passwordListFile'],
  [
    'a list with an eraser',
    config({}, { m: { credential: 'password-list', passwordListFile: 'l', eraser: 'updater' } }),
    'devices.m.credential',
  ],
  ['a file without a list', config({}, { m: { passwordListFile: 'l' } }), 'devices.m.passwordListFile'],
  [
    'plain requests to a nameless device',
    config({}, { m: { tls: 'intermediary-authenticated', plainRequests: true } }),
    'devices.m.plainRequests',
  ],
])('a configuration is refused where it names the mistake: %s', (_name, links, path) => {
  expect(linkMistakes(links).map((mistake) => mistake.path.join('.'))).toEqual([path]);
});

test('what is configured well has no mistakes', () => {
  const devices = {
    a: { tls: 'intermediary-authenticated', eraser: 'updater' },
    b: { passwordGenerator: 'target', plainRequests: true },
    c: {
      credential: 'password-list',
      passwordListFile: 'l',
      address: { host: '192.0.2.1', bulkPort: 21, plainPort: 80, model: 'M' },
    },
  } as const;
  expect(linkMistakes(config({ eraser: 'target' }, devices))).toEqual([]);
});
