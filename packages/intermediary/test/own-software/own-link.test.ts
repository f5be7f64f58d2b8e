import { expect, test } from '@jest/globals';
import { parseConfig } from '../../src/config.ts';
import { deviceLink, schemeOf } from '../../src/domain/schemes/device-links.ts';
import { withOwnLink } from '../../src/own-software/own-link.ts';

const BASE = {
  dataDir: 'data',
  identityDir: 'identity',
  secure: { port: 0 },
  notice: { port: 0 },
  vendorKeyFiles: ['vendor.pub'],
};

/** @spec U21 A1 */
test('what is configured for devices does not weaken the link of an intermediary to itself', () => {
  const config = parseConfig({
    ...BASE,
    scheme: { tls: 'intermediary-authenticated', invalidation: 'request' },
    ownSoftware: { bulk: { port: 0 } },
  });
  expect(deviceLink(withOwnLink(config, 'site-a'), 'site-a')).toMatchObject({
    role: 'intermediary',
    tls: 'mutual',
    eraser: 'updater',
  });
  expect(deviceLink(withOwnLink(config, 'site-a'), 'mfp-1')).toMatchObject({
    role: 'device',
    tls: 'intermediary-authenticated',
  });
});

test('without `ownSoftware` there is no such link', () => {
  expect(withOwnLink(parseConfig(BASE), 'site-a').devices).toEqual({});
});

test('an intermediary is not asked to erase its password itself', () => {
  const link = deviceLink({ scheme: {}, devices: { 'site-b': { role: 'intermediary' } } }, 'site-b');
  expect(() => schemeOf(link, 'server', 'ftp', { eraser: 'target' })).toThrow(
    expect.objectContaining({ code: 'scheme-not-allowed' }),
  );
  expect(schemeOf(link, 'server', 'ftp', { passwordGenerator: 'target' })).toMatchObject({
    eraser: 'updater',
  });
});
