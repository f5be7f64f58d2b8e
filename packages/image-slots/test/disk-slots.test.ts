import { createHash } from 'node:crypto';
import { readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { DiskSlots, PowerFence } from '@postern/image-slots';
import type { ManifestComponent, SlotContents } from '@postern/software-update';
import { toFlashError } from '../src/flash-error.ts';
import { temporaryDirectory } from './support/temporary.ts';

const prepared = async (capacity = Number.POSITIVE_INFINITY) => {
  const directory = await temporaryDirectory();
  const fence = new PowerFence();
  const slots = new DiskSlots({ directory, capacity: () => capacity, fence });
  await slots.prepare();
  return {
    directory,
    fence,
    slots,
    file: (slot: string, name: string) => join(directory, 'slots', slot, name),
  };
};

/** Bytes that no constant could fake, and that differ between versions. */
const imageOf = (version: string, length: number): Buffer =>
  Buffer.alloc(length, createHash('sha512').update(version).digest());

const flipBit = async (path: string): Promise<void> => {
  const bytes = await readFile(path);
  const middle = Math.floor(bytes.length / 2);
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  await writeFile(path, bytes);
};

const component = (name: string, image: Uint8Array): ManifestComponent => ({
  name,
  version: '1.0',
  length: image.length,
  sha256: createHash('sha256').update(image).digest('hex'),
  releaseCounter: 1,
});

const put = async (slots: DiskSlots, name: string, image: Uint8Array, offset = 0): Promise<void> => {
  const writer = await slots.append('A', name, offset);
  for (let at = offset; at < image.length; at += 60_000) await writer.write(image.subarray(at, at + 60_000));
  await writer.close();
};

const image = imageOf('1.0', 700_001);
const contents: SlotContents = { firmware: component('firmware', image) };

describe('slots on disk', () => {
  /** @spec X4 */
  test('keep what was written, and are whole once sealed', async () => {
    const { slots, file } = await prepared();
    await put(slots, 'firmware', image);
    expect((await readFile(file('A', 'firmware.img'))).equals(image)).toBe(true);
    expect(await slots.isWhole('A')).toBe(false);
    await slots.seal('A', contents);
    expect(await slots.contents('A')).toEqual(contents);
    expect(await slots.isWhole('A')).toBe(true);
    expect(await slots.isWhole('B')).toBe(false);
  });

  /** @spec X4 */
  test.each<[string, (context: Awaited<ReturnType<typeof prepared>>) => Promise<void>]>([
    ['one flipped bit', ({ file }) => flipBit(file('A', 'firmware.img'))],
    ['a missing image', ({ file }) => rm(file('A', 'firmware.img'))],
    ['a shortened image', ({ file }) => truncate(file('A', 'firmware.img'), 5)],
    ['a damaged seal', ({ file }) => writeFile(file('A', 'slot.json'), '{"format":1,"contents":{}}')],
    ['a half-written seal', ({ file }) => truncate(file('A', 'slot.json'), 40)],
  ])('are not whole with %s', async (_, damage) => {
    const context = await prepared();
    await put(context.slots, 'firmware', image);
    await context.slots.seal('A', contents);
    await damage(context);
    expect(await context.slots.isWhole('A')).toBe(false);
  });

  /** @spec X5 */
  test('go on behind what is there, and cut what is beyond', async () => {
    const { slots } = await prepared();
    await put(slots, 'firmware', imageOf('other', 690_000));
    const writer = await slots.append('A', 'firmware', 0);
    await writer.write(image.subarray(0, 10));
    await writer.close();
    expect(await slots.size('A', 'firmware')).toBe(10);
    await put(slots, 'firmware', image, 10);
    await slots.seal('A', contents);
    expect(await slots.isWhole('A')).toBe(true);
  });

  /** @spec X6 */
  test('are empty after a power cut while they were cleared or sealed', async () => {
    const { slots, file } = await prepared();
    await put(slots, 'firmware', image);
    await writeFile(file('A', '.slot.json.0.postern-tmp'), 'a seal that was not yet renamed');
    expect(await slots.contents('A')).toBeUndefined();
    await slots.seal('A', contents);
    expect(await slots.isWhole('A')).toBe(true);
    await slots.clear('A');
    expect(await slots.contents('A')).toBeUndefined();
    expect(await slots.size('A', 'firmware')).toBe(0);
  });

  test('refuse the first byte beyond the capacity, whichever slot it is for', async () => {
    const { slots } = await prepared(1_000);
    await put(slots, 'firmware', image.subarray(0, 600));
    const writer = await slots.append('B', 'firmware', 0);
    await writer.write(image.subarray(0, 400));
    await expect(writer.write(image.subarray(0, 1))).rejects.toMatchObject({ code: 'storage-full' });
    await writer.close();
    expect(await slots.size('B', 'firmware')).toBe(400);
    await slots.clear('B');
    await slots.seal('A', contents);
    await expect(slots.copyFromOther('B', 'firmware')).rejects.toMatchObject({ code: 'storage-full' });
  });

  test('copy a component so that neither copy can change the other', async () => {
    const { slots, file } = await prepared();
    await put(slots, 'firmware', image);
    await slots.copyFromOther('B', 'firmware');
    const writer = await slots.append('B', 'firmware', 0);
    await writer.close();
    expect((await readFile(file('A', 'firmware.img'))).equals(image)).toBe(true);
  });

  test('give an image to its newest writer', async () => {
    const { slots } = await prepared();
    const old = await slots.append('A', 'firmware', 0);
    await old.write(image.subarray(0, 10));
    const fresh = await slots.append('A', 'firmware', 0);
    await expect(old.write(image)).rejects.toMatchObject({ code: 'transfer-refused' });
    await fresh.write(image.subarray(0, 5));
    await fresh.close();
    expect(await slots.size('A', 'firmware')).toBe(5);
  });

  test.each([
    [1, 1_024],
    [65_536, 16],
  ])('gather chunks of %i bytes and write after %i of them', async (bytes, chunks) => {
    const { slots } = await prepared();
    const content = imageOf('1.0', bytes * chunks);
    const writer = await slots.append('A', 'firmware', 0);
    for (let count = 1; count < chunks; count += 1) await writer.write(content.subarray(0, bytes));
    expect(await slots.size('A', 'firmware')).toBe(0);
    await writer.write(content.subarray(0, bytes));
    expect(await slots.size('A', 'firmware')).toBe(bytes * chunks);
    await writer.close();
  });

  /** @spec X6 */
  test('take nothing any more once the power is gone', async () => {
    const { slots, fence } = await prepared();
    const writer = await slots.append('A', 'firmware', 0);
    await fence.close();
    const more = imageOf('1.0', 2_000_000);
    await expect(writer.write(more)).rejects.toMatchObject({ code: 'powered-off' });
    await writer.close();
    await expect(slots.seal('A', contents)).rejects.toMatchObject({ code: 'powered-off' });
    expect(await slots.contents('A')).toBeUndefined();
  });

  test('have no file outside their directory', async () => {
    const { slots } = await prepared();
    await expect(slots.append('A', '../../firmware', 0)).rejects.toMatchObject({ code: 'component-unknown' });
  });
});

test.each([
  ['ENOSPC', 'storage-full'],
  ['EDQUOT', 'storage-full'],
  ['EIO', 'storage-failed'],
])('%s of the file system is %s', (code, expected) => {
  expect(toFlashError(Object.assign(new Error(code), { code }), 'write')).toMatchObject({ code: expected });
});
