import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { systemClock, systemEntropy } from '@postern/core';
import { deviceConfigSchema, deviceDirectory, isManufactured } from '@postern/device-emulator';
import { openAuthority, openNodeIdentity } from '@postern/pki';
import { generateVendorKey } from '@postern/software-update';
import { lockDirectory } from '@postern/storage';
import { requireDescriptors } from '../src/device-fleet/descriptor-limit.ts';
import { completeInput, type DeviceOptions } from '../src/device-fleet/device-input.ts';
import { progressLine } from '../src/device-fleet/fleet-progress.ts';

let directory = '';
let told: string[] = [];
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-fleet-'));
  told = [];
  await openAuthority({ directory: join(directory, 'ca'), clock: systemClock, entropy: systemEntropy });
  await writeFile(join(directory, 'vendor.pub'), generateVendorKey().publicKeyPem);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

/** What a process of devices is told beside its devices. */
const base = () => ({
  dataDir: join(directory, 'devices'),
  intermediary: { name: 'site-a', secureUrl: 'https://a/i', noticeUrl: 'http://a/i' },
  vendorKeyFiles: [join(directory, 'vendor.pub')],
});

const complete = (options: DeviceOptions, changes: object = {}) =>
  completed({ ...base(), ...changes }, options);

const completed = (input: object, options: DeviceOptions) =>
  completeInput(input, options, {
    clock: systemClock,
    entropy: systemEntropy,
    signal: new AbortController().signal,
    onProgress: (progress) => told.push(progressLine(progress)),
    tell: (line) => told.push(line),
  });

const fleet = (count: number, more: DeviceOptions = {}): DeviceOptions => ({
  count,
  pki: directory,
  ...more,
});

/** A fleet with the CA of the test, whose directory is not known yet. */
const fleetOf = (count: number, more: DeviceOptions = {}): DeviceOptions => ({ count, pki: '', ...more });

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
    const interrupted = completeInput(base(), fleet(40), {
      clock: systemClock,
      entropy: systemEntropy,
      signal: stop.signal,
      onProgress: () => stop.abort(),
      tell: (line) => told.push(line),
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
    ['without identities', { count: 1 }, {}, 'fleet-invalid'],
    ['without a CA', { count: 1, pki: 'elsewhere' }, {}, 'fleet-invalid'],
    ['beside devices of a configuration', fleetOf(1), { devices: [] }, 'fleet-invalid'],
    ['without a data directory', fleetOf(1), { dataDir: undefined }, 'config-invalid'],
    ['of a kind that there is not', fleetOf(1, { profile: 'toaster' }), {}, 'profile-unknown'],
    [
      'of a kind whose file there is not',
      fleetOf(1, { profile: './toaster.yaml' }),
      {},
      'profile-unreadable',
    ],
    ['whose names would be none', fleetOf(1, { prefix: '../' }), {}, 'fleet-invalid'],
    ['that no process can hold', fleetOf(10_001), {}, 'fleet-invalid'],
    ['without a number', { prefix: 'a-' }, {}, 'fleet-invalid'],
    ['with a fault that there is not', fleetOf(1, { fault: ['explodes'] }), {}, 'fault-unknown'],
    ['with a value that a fault cannot have', fleetOf(1, { fault: ['slowReceive=0'] }), {}, 'fault-invalid'],
    [
      'with a fault of a device that is not in it',
      fleetOf(1, { faultFor: ['mfp-2:neverReturns'] }),
      {},
      'config-invalid',
    ],
    ['with a port that there is not', fleetOf(1), { panelPage: { port: 65_536 } }, 'config-invalid'],
    ['with a key that nobody knows', fleetOf(1), { vendorKeyFile: 'x' }, 'config-invalid'],
    ['without the key of its vendor', fleetOf(1), { vendorKeyFiles: ['absent.pub'] }, 'file-unreadable'],
    ['without an intermediary', fleetOf(1), { intermediary: undefined }, 'config-invalid'],
    [
      'whose intermediary function nobody carries',
      fleetOf(1),
      {
        intermediary: undefined,
        intermediaryFunction: {
          carrier: 'car-1',
          configuration: {
            dataDir: 'x',
            identityDir: 'x',
            vendorKeyFiles: ['x'],
            uplink: { url: 'https://a/uplink', serverName: 'a' },
          },
        },
      },
      'config-invalid',
    ],
  ])('%s is refused, and nothing is made', async (_, options, changes, code) => {
    const given = { ...base(), ...changes };
    const input = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const pki = options.pki === '' ? { pki: directory } : {};
    const before = await readdir(directory);
    await expect(completed(input, { ...options, ...pki })).rejects.toMatchObject({ code });
    expect(await readdir(directory)).toEqual(before);
    expect(told).toEqual([]);
  });

  test('whose directory another process works in is refused, and nothing is made', async () => {
    const { dataDir } = base();
    await mkdir(dataDir);
    const lock = await lockDirectory(dataDir);
    await expect(complete(fleet(1))).rejects.toMatchObject({ code: 'directory-in-use' });
    expect(await readdir(directory)).not.toContain('identities');
    lock.release();
    await complete(fleet(1));
  });

  test('whose page of panels cannot be served is refused, and nothing is made', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const refused = complete(fleet(1), { panelPage: { port } });
    await expect(refused).rejects.toMatchObject({ code: 'panel-page-unusable' });
    expect(await readdir(directory)).not.toContain('identities');
    await new Promise((resolve) => taken.close(resolve));
    await complete(fleet(1), { panelPage: { port } });
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
    const schema = deviceConfigSchema.parse(input);
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
