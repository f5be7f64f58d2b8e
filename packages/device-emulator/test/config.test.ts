import { describe, expect, test } from '@jest/globals';
import { type DeviceFleetConfigInput, deviceConfigSchema } from '@postern/device-emulator';

const minimal: DeviceFleetConfigInput = {
  dataDir: '/data',
  devices: [{ id: 'mfp-1', identityDir: '/pki/mfp-1' }],
  intermediary: { name: 'site-a', secureUrl: 'https://127.0.0.1:1/i', noticeUrl: 'http://127.0.0.1:2/n' },
  vendorKeyFiles: ['/vendor.pem'],
};

const withDevice = (device: object): object => ({
  ...minimal,
  devices: [{ ...minimal.devices[0], ...device }],
});

describe('the configuration', () => {
  test('has defaults', () => {
    expect(deviceConfigSchema.parse(minimal).devices[0]).toMatchObject({
      profile: 'mfp',
      soap: { host: '127.0.0.1', port: 0 },
      ftp: { host: '127.0.0.1', port: 0 },
      requireManifest: true,
      secureLink: 'mutual',
      updaters: [],
      clock: 'real-time',
      panelOrders: 'updater',
      faults: {},
    });
    expect(deviceConfigSchema.parse(minimal)).toMatchObject({ vendorThreshold: 1, timeKeyFiles: [] });
    expect(deviceConfigSchema.parse(minimal).devices[0]?.plain).toBeUndefined();
  });

  test.each([
    ['an unknown key', { ...minimal, dataDirectory: '/data' }],
    ['an unknown key of a device', withDevice({ colour: 'grey' })],
    ['an unknown fault', withDevice({ faults: { explodes: true } })],
    ['an unknown profile', withDevice({ profile: 'toaster' })],
    ['a name that is no node name', withDevice({ id: '../mfp' })],
    ['a wildcard address that others could not use', withDevice({ ftp: { host: '0.0.0.0' } })],
    ['a port out of range', withDevice({ soap: { port: 65_536 } })],
    [
      'a secure path without TLS',
      { ...minimal, intermediary: { ...minimal.intermediary, secureUrl: 'http://a/' } },
    ],
    ['an unknown kind of link', withDevice({ secureLink: 'none' })],
    ['an unknown bulk path', withDevice({ bulkPathKind: 'tftp' })],
    ['an updater that is no node name', withDevice({ updaters: ['a b'] })],
    [
      'a device that takes any caller and any software',
      withDevice({ secureLink: 'device-authenticated', requireManifest: false }),
    ],
    ['more signatures than keys', { ...minimal, vendorThreshold: 2 }],
    ['a device without a clock that believes nobody', withDevice({ clock: 'none' })],
    ['no device', { ...minimal, devices: [] }],
  ])('is refused with %s', (_, config) => {
    expect(deviceConfigSchema.safeParse(config).success).toBe(false);
  });

  test('takes every choice of a link', () => {
    const config = {
      ...withDevice({
        secureLink: 'device-authenticated',
        updaters: ['tool-1'],
        plain: { port: 8_080 },
        bulkPathKind: 'sftp',
        clock: 'none',
        passwordListFile: '/list',
        erasure: 'fixed',
        panelOrders: 'target',
      }),
      vendorKeyFiles: ['/a.pem', '/b.pem'],
      vendorThreshold: 2,
      timeKeyFiles: ['/time.pem'],
    };
    expect(deviceConfigSchema.safeParse(config).error).toBeUndefined();
  });

  test('takes a wildcard address with a name for others', () => {
    const config = withDevice({ ftp: { host: '0.0.0.0', advertisedHost: 'printer.lan' } });
    expect(deviceConfigSchema.safeParse(config).success).toBe(true);
  });
});
