import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock, systemEntropy } from '@postern/core';
import { deviceConfigSchema, deviceDirectory, isManufactured } from '@postern/device-emulator';
import { openNodeIdentity } from '@postern/pki';
import { requireDescriptors } from '../src/device-fleet/descriptor-limit.ts';
import { completeInput, type DeviceOptions } from '../src/device-fleet/device-input.ts';

let directory = '';
let told: string[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-fleet-'));
  told = [];
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const complete = (options: DeviceOptions, changes: object = {}, signal = new AbortController().signal) =>
  completeInput({ dataDir: join(directory, 'devices'), ...changes }, options, {
    clock: systemClock,
    entropy: systemEntropy,
    signal,
    tell: (line) => told.push(line),
  });

const fleet = (count: number, more: DeviceOptions = {}): DeviceOptions => ({
  count,
  pki: directory,
  ...more,
});

/** @spec T4 */
describe('a fleet', () => {
  test('is made where it is missing: identities of the CA, devices with the software of their kind', async () => {
    const input = await complete(fleet(3, { profile: 'automobile', prefix: 'car-' }));
    const identityDir = join(directory, 'identities', 'car-3');
    expect(input).toMatchObject({
      devices: [{ id: 'car-1' }, { id: 'car-2' }, { id: 'car-3', profile: 'automobile', identityDir }],
    });
    const node = await openNodeIdentity({ directory: identityDir, clock: systemClock });
    expect(node.identity).toEqual({ role: 'device', name: 'car-3' });
    const slot = join(deviceDirectory(join(directory, 'devices'), 'car-3'), 'slots', 'A');
    expect((await readdir(slot)).sort()).toEqual([
      'battery-control.img',
      'firmware.img',
      'navigation.img',
      'slot.json',
    ]);
    expect(told.at(-1)).toBe('Devices made: 3 of 3');
  });

  test('goes on where it was given up, and keeps what is there', async () => {
    const stop = new AbortController();
    const interrupted = completeInput({ dataDir: join(directory, 'devices') }, fleet(40), {
      clock: systemClock,
      entropy: systemEntropy,
      signal: stop.signal,
      tell: (line) => {
        told.push(line);
        stop.abort();
      },
    });
    await expect(interrupted).rejects.toMatchObject({ code: 'cancelled' });
    expect(told.at(-1)).toMatch(/^Stopped at \d+ of 40: .*The same command goes on from there\.$/);
    const first = await openNodeIdentity({
      directory: join(directory, 'identities', 'mfp-1'),
      clock: systemClock,
    });
    await complete(fleet(40));
    const again = await openNodeIdentity({
      directory: join(directory, 'identities', 'mfp-1'),
      clock: systemClock,
    });
    expect(again.serial).toBe(first.serial);
    expect(await isManufactured(deviceDirectory(join(directory, 'devices'), 'mfp-40'))).toBe(true);
  });

  test.each<[string, DeviceOptions, object, string]>([
    ['without a CA', { count: 1 }, {}, 'fleet-invalid'],
    ['beside devices of a configuration', fleet(1, { pki: 'x' }), { devices: [] }, 'fleet-invalid'],
    ['without a data directory', fleet(1, { pki: 'x' }), { dataDir: undefined }, 'config-invalid'],
    ['of a kind that there is not', fleet(1, { pki: 'x', profile: 'toaster' }), {}, 'profile-unknown'],
    ['whose names would be none', fleet(1, { pki: 'x', prefix: '../' }), {}, 'fleet-invalid'],
    ['that no process can hold', fleet(10_001, { pki: 'x' }), {}, 'fleet-invalid'],
    ['without a number', { prefix: 'a-' }, {}, 'fleet-invalid'],
  ])('%s is refused', async (_, options, changes, code) => {
    await expect(complete(options, changes)).rejects.toMatchObject({ code });
  });

  test('that needs more sockets than the process may have is refused before anything is started', () => {
    expect(() => requireDescriptors(5_000, () => 1_024)).toThrow(
      expect.objectContaining({
        code: 'fd-limit-too-low',
        message: expect.stringContaining('ulimit -n 11000'),
      }),
    );
    expect(() => requireDescriptors(5_000, () => 11_000)).not.toThrow();
    expect(() => requireDescriptors(5_000, () => undefined)).not.toThrow();
    expect(() => requireDescriptors(100, () => 10)).not.toThrow();
    expect(() => requireDescriptors(101)).not.toThrow();
  });
});

describe('faults on the command line', () => {
  const devices = [
    { id: 'mfp-1', identityDir: 'a', faults: { refuseLogins: true, slowReceive: 5 } },
    { id: 'mfp-2', identityDir: 'b' },
  ];

  test('are those of all devices, or of one, and win over the configuration', async () => {
    const input = await complete(
      {
        fault: ['slowReceive=1024', 'crashAtBootOf=2.0,2.1.0'],
        faultFor: ['mfp-2:neverReturns', 'mfp-2:clockOffset=-3600000'],
      },
      { devices },
    );
    const schema = deviceConfigSchema.parse({
      ...input,
      intermediary: { name: 'site-a', secureUrl: 'https://a/i', noticeUrl: 'http://a/i' },
      vendorKeyFiles: ['vendor.pub'],
    });
    expect(schema.devices.map(({ faults }) => faults)).toEqual([
      { refuseLogins: true, slowReceive: 1_024, crashAtBootOf: ['2.0', '2.1.0'] },
      { slowReceive: 1_024, crashAtBootOf: ['2.0', '2.1.0'], neverReturns: true, clockOffset: -3_600_000 },
    ]);
  });

  test.each<[DeviceOptions, string, RegExp]>([
    [{ fault: ['explodes'] }, 'fault-unknown', /there are crashAtBootOf=TEXT,TEXT,…, .*slowReceive=NUMBER/],
    [{ fault: ['constructor=1'] }, 'fault-unknown', /there are/],
    [{ fault: ['slowReceive'] }, 'fault-invalid', /write slowReceive=NUMBER/],
    [{ fault: ['slowReceive=fast'] }, 'fault-invalid', /write slowReceive=NUMBER/],
    [{ fault: ['slowReceive=0'] }, 'fault-invalid', /write slowReceive=NUMBER/],
    [{ fault: ['refuseLogins=maybe'] }, 'fault-invalid', /write refuseLogins\)/],
    [{ faultFor: ['mfp-9:refuseLogins'] }, 'config-invalid', /there is no device mfp-9/],
    [{ faultFor: ['refuseLogins'] }, 'config-invalid', /DEVICE:NAME=VALUE/],
  ])('are refused where they are wrong: %j', async (options, code, message) => {
    await expect(complete(options, { devices })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });
});
