import { describe, expect, test } from '@jest/globals';
import { parseServerConfig } from '@postern/management-server';

const least = { dataDir: '/data', identityDir: '/identity' };

describe('parseServerConfig', () => {
  test('adds the defaults and freezes everything', () => {
    const config = parseServerConfig(least);
    expect(config).toMatchObject({ uplink: { host: '127.0.0.1', port: 8443 }, holdSecondsMax: 60 });
    expect(Object.isFrozen(config) && Object.isFrozen(config.limits)).toBe(true);
  });

  test.each([
    [{ ...least, unknown: 1 }, /unknown/],
    [{ ...least, limits: { watcher: 1 } }, /watcher/],
    [{ ...least, uplink: { port: 70_000 } }, /uplink\.port/],
    [{ ...least, holdSecondsMax: '60' }, /holdSecondsMax/],
    [{ dataDir: '/data' }, /identityDir/],
    [undefined, /configuration/],
  ])('refuses %j', (input, message) => {
    expect(() => parseServerConfig(input)).toThrow(expect.objectContaining({ code: 'config-invalid' }));
    expect(() => parseServerConfig(input)).toThrow(message);
  });
});
