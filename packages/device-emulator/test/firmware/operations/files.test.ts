import { createHash } from 'node:crypto';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { PowerFence } from '@postern/image-slots';
import { openFileContents } from '../../../src/adapters/files/file-contents.ts';
import { MOST_FILE_BYTES, MOST_FILES } from '../../../src/domain/files.ts';
import { MOST_UPLOADS } from '../../../src/domain/upload.ts';
import { CALL, remoteOf, type TestRemote, testMemory } from '../../support/remote.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const digestOf = (content: Uint8Array): string => createHash('sha256').update(content).digest('hex');

const PART = 49_152;

const part = (name: string, whole: Uint8Array, offset: number) => ({
  name,
  length: whole.length,
  sha256: digestOf(whole),
  offset,
  content: whole.subarray(offset, offset + PART),
});

const write = async (device: TestRemote, name: string, whole: Uint8Array): Promise<unknown> => {
  let answer: unknown;
  for (let offset = 0; offset === 0 || offset < whole.length; offset += PART) {
    answer = await device.operations.WriteFile(part(name, whole, offset), CALL);
  }
  return answer;
};

const read = async (device: TestRemote, name: string): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  for (let offset = 0; ; ) {
    const { file, content } = await device.operations.ReadFile({ name, offset }, CALL);
    pieces.push(content);
    offset += content.length;
    if (offset >= file.length) return Buffer.concat(pieces);
  }
};

const list = async (device: TestRemote): Promise<string[]> =>
  (await device.operations.ListFiles({}, CALL)).file.map(({ name, length }) => `${name} ${length}`);

const big = Buffer.alloc(MOST_FILE_BYTES, 'postern');

/** @spec I3 */
describe('a file of a device', () => {
  test('is written in parts, listed, read in parts, and deleted', async () => {
    const device = remoteOf();
    expect(await write(device, 'report.txt', big)).toEqual({ received: big.length, complete: true });
    expect(await write(device, 'empty', Buffer.alloc(0))).toEqual({ received: 0, complete: true });
    expect(await list(device)).toEqual(['empty 0', `report.txt ${big.length}`]);
    expect(await read(device, 'report.txt')).toEqual(big);
    expect(
      (await device.operations.ReadFile({ name: 'report.txt', offset: 9e6 }, CALL)).content,
    ).toHaveLength(0);
    expect(await device.operations.DeleteFile({ name: 'report.txt' }, CALL)).toEqual({ deleted: true });
    expect(await device.operations.DeleteFile({ name: 'report.txt' }, CALL)).toEqual({ deleted: false });
    expect(await device.contents.read(digestOf(big))).toBeUndefined();
    await expect(read(device, 'report.txt')).rejects.toMatchObject({ code: 'file-unknown' });
    await expect(read(device, 'constructor')).rejects.toMatchObject({ code: 'file-unknown' });
  });

  test('is the old one until the last part of the new one has come', async () => {
    const device = remoteOf();
    await write(device, 'a', Buffer.from('old'));
    await device.operations.WriteFile(part('a', big, 0), CALL);
    expect(String(await read(device, 'a'))).toBe('old');
    await write(device, 'a', big);
    expect(await read(device, 'a')).toEqual(big);
    expect(await device.contents.read(digestOf(Buffer.from('old')))).toBeUndefined();
  });

  test('shares its content with a file that is the same', async () => {
    const device = remoteOf();
    await write(device, 'a', Buffer.from('same'));
    await write(device, 'b', Buffer.from('same'));
    await device.operations.DeleteFile({ name: 'a' }, CALL);
    expect(String(await read(device, 'b'))).toBe('same');
  });

  test('takes its parts in order; whoever has lost his place is told it', async () => {
    const device = remoteOf();
    const { operations } = device;
    await expect(operations.WriteFile(part('a', big, PART), CALL)).rejects.toMatchObject({
      code: 'file-incomplete',
    });
    await operations.WriteFile(part('a', big, 0), CALL);
    await expect(operations.WriteFile(part('a', big, 2 * PART), CALL)).rejects.toMatchObject({
      code: 'file-incomplete',
      message: expect.stringContaining(`${PART} bytes have come`),
    });
    expect(await operations.WriteFile(part('a', big, PART), CALL)).toEqual({
      received: 2 * PART,
      complete: false,
    });
    const empty = { ...part('a', big, 2 * PART), content: new Uint8Array() };
    await expect(operations.WriteFile(empty, CALL)).rejects.toMatchObject({ code: 'file-incomplete' });
  });

  test('is refused with a wrong digest, a wrong length, or too many bytes', async () => {
    const device = remoteOf();
    const { operations } = device;
    const good = part('a', Buffer.from('hello'), 0);
    for (const [bad, code] of [
      [{ ...good, sha256: '0'.repeat(64) }, 'file-mismatched'],
      [{ ...good, length: 4 }, 'file-mismatched'],
      [{ ...good, length: MOST_FILE_BYTES + 1 }, 'file-too-large'],
    ] as const) {
      await expect(operations.WriteFile(bad, CALL)).rejects.toMatchObject({ code });
    }
    await operations.WriteFile(part('a', big, 0), CALL);
    await expect(
      operations.WriteFile({ ...part('a', big, PART), sha256: '0'.repeat(64) }, CALL),
    ).rejects.toMatchObject({ code: 'file-mismatched' });
    expect(await list(device)).toEqual([]);
    expect(device.memory.writes).toBe(0);
  });

  test('finds no room beside 64 others, but may replace one of them', async () => {
    const device = remoteOf();
    for (let number = 0; number < MOST_FILES; number += 1) {
      await write(device, `f-${number}`, Buffer.from(String(number)));
    }
    await expect(write(device, 'one-more', Buffer.from('x'))).rejects.toMatchObject({ code: 'storage-full' });
    await write(device, 'f-1', Buffer.from('x'));
    expect(String(await read(device, 'f-1'))).toBe('x');
  });

  test('that rests longest is given up when too many are on their way', async () => {
    const { operations } = remoteOf();
    for (let number = 0; number <= MOST_UPLOADS; number += 1) {
      await operations.WriteFile(part(`f-${number}`, big, 0), CALL);
    }
    await expect(operations.WriteFile(part('f-0', big, PART), CALL)).rejects.toMatchObject({
      code: 'file-incomplete',
    });
    await expect(operations.WriteFile(part('f-1', big, PART), CALL)).resolves.toMatchObject({
      complete: false,
    });
  });

  test('whose content is damaged is not given out', async () => {
    const device = remoteOf();
    await write(device, 'a', Buffer.from('good'));
    await device.contents.write(digestOf(Buffer.from('good')), Buffer.from('evil'));
    await expect(read(device, 'a')).rejects.toMatchObject({ code: 'file-damaged' });
  });
});

describe('the file area on the disk', () => {
  test('holds contents under their digests, and loses at the start what no file needs', async () => {
    const directory = await temporaryDirectory();
    const area = join(directory, 'files');
    const device = remoteOf({ contents: await openFileContents(directory, new Set(), new PowerFence()) });
    await write(device, 'a', Buffer.from('hello'));
    const digest = digestOf(Buffer.from('hello'));
    expect(await readdir(area)).toEqual([digest]);
    await writeFile(join(area, 'f'.repeat(64)), 'of an upload that a power cut interrupted');
    await writeFile(join(area, '.x.postern-tmp'), 'half');
    const again = remoteOf({
      memory: testMemory(device.memory.content),
      contents: await openFileContents(directory, new Set([digest]), new PowerFence()),
    });
    expect(await readdir(area)).toEqual([digest]);
    expect(String(await read(again, 'a'))).toBe('hello');
  });

  test('is not written after the power has gone', async () => {
    const directory = await temporaryDirectory();
    await mkdir(join(directory, 'files'));
    const fence = new PowerFence();
    const contents = await openFileContents(directory, new Set(), fence);
    await fence.close();
    await expect(contents.write('0'.repeat(64), Buffer.from('x'))).rejects.toMatchObject({
      code: 'powered-off',
    });
    expect(await readdir(join(directory, 'files'))).toEqual([]);
  });
});
