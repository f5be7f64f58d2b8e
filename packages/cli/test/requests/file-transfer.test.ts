import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { readWholeFile, type TransferContext, writeWholeFile } from '../../src/requests/file-transfer.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

type Ask = TransferContext<{ readonly state: string; readonly answer: unknown }>['ask'];

/** A device with one file, given 1,000 bytes at a time. */
const holding = (content: Buffer, digest = sha256(content)): Ask => {
  return async (_, given) => {
    const { offset } = given as { readonly offset: number };
    const part = content.subarray(offset, offset + 1_000).toString('base64');
    const answer = { file: { length: content.length, sha256: digest }, content: part };
    return [{ state: 'answered', answer }];
  };
};
const file = Buffer.from(Array.from({ length: 2_500 }, (_, at) => at % 251));

/** @spec I1 */
test('a file is read part by part and checked', async () => {
  const told: number[] = [];
  const onProgress = (done: number): number => told.push(done);
  const { content } = await readWholeFile({ ask: holding(file), onProgress }, 'f');
  expect(content).toEqual(file);
  expect(told).toEqual([1_000, 2_000, 2_500]);
  const damaged = readWholeFile({ ask: holding(file, sha256(Buffer.from('other'))), onProgress }, 'f');
  await expect(damaged).rejects.toMatchObject({ code: 'file-changed' });
});

/** @spec I1 */
test('a file is written part by part, and no further than a device takes it', async () => {
  const content = Buffer.alloc(100_000, 7);
  const parts: { offset: number; length: number; sha256: string; content: string }[] = [];
  const ask = (refuseFrom: number): Ask => {
    return async (_, given) => {
      const part = given as (typeof parts)[number];
      parts.push(part);
      return [{ state: part.offset >= refuseFrom ? 'refused' : 'answered', answer: null }];
    };
  };
  await writeWholeFile({ ask: ask(Number.POSITIVE_INFINITY), onProgress: () => {} }, 'f', content);
  expect(Buffer.concat(parts.map((part) => Buffer.from(part.content, 'base64')))).toEqual(content);
  expect(parts[0]).toMatchObject({ offset: 0, length: 100_000, sha256: sha256(content) });
  const whole = parts.splice(0).length;
  expect(await writeWholeFile({ ask: ask(1), onProgress: () => {} }, 'f', content)).toMatchObject([
    { state: 'refused' },
  ]);
  expect([whole, parts.length]).toEqual([3, 2]);
});
