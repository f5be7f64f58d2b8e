import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { isManufactured, manufactureDevice, profileNamed } from '@postern/device-emulator';
import { openFlash } from '../../src/adapters/flash/flash.ts';
import { imageOf } from '../support/software.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const software = (version: string, content: Uint8Array | { file: string }) => [
  { name: 'firmware', version, releaseCounter: 7, content },
];

describe('manufacture', () => {
  test('makes a device with its software in slot A', async () => {
    const directory = join(await temporaryDirectory(), 'mfp-1');
    expect(await isManufactured(directory)).toBe(false);
    await manufactureDevice({
      directory,
      profile: profileNamed('mfp'),
      software: software('1.0', imageOf('1.0', 300)),
    });
    expect(await isManufactured(directory)).toBe(true);
    const { slots, nvRam } = await openFlash(directory, () => 1_000);
    expect(await slots.isWhole('A')).toBe(true);
    expect(await slots.contents('A')).toMatchObject({
      firmware: { version: '1.0', length: 300, releaseCounter: 7 },
    });
    expect(nvRam.content.counters).toEqual({
      'copied-pages': 0,
      'printed-pages': 0,
      'scanned-pages': 0,
      'faxed-pages': 0,
    });
  });

  test('takes an image from a file, and replaces a device only when asked to', async () => {
    const parent = await temporaryDirectory();
    const file = join(parent, 'image');
    await writeFile(file, imageOf('2.0', 400_000));
    const directory = join(parent, 'mfp-1');
    const order = { directory, profile: profileNamed('mfp'), software: software('2.0', { file }) };
    await manufactureDevice(order);
    await expect(manufactureDevice(order)).rejects.toMatchObject({ code: 'device-exists' });
    await manufactureDevice({ ...order, software: software('3.0', { file }), reset: true });
    const { slots } = await openFlash(directory, () => 1_000_000);
    expect(await slots.contents('A')).toMatchObject({ firmware: { version: '3.0' } });
    expect(await slots.isWhole('A')).toBe(true);
  });
});
