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
      faults: {},
    });
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
    ['no device', { ...minimal, devices: [] }],
  ])('is refused with %s', (_, config) => {
    expect(deviceConfigSchema.safeParse(config).success).toBe(false);
  });

  test('takes a wildcard address with a name for others', () => {
    const config = withDevice({ ftp: { host: '0.0.0.0', advertisedHost: 'printer.lan' } });
    expect(deviceConfigSchema.safeParse(config).success).toBe(true);
  });
});
