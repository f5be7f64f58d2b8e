import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { seededEntropy, VirtualClock } from '@postern/core/testing';
import { createImageStore, type ImageStore } from '@postern/storage';

/** Bytes with their digest. */
export interface TestImage {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

export const makeImage = (seed: string, length: number): TestImage => {
  const bytes = seededEntropy(seed).bytes(length);
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
};

export const openStore = async (
  directory: string,
  options: { maxBytes?: number; freeBytes?: () => Promise<number> } = {},
): Promise<{ store: ImageStore; clock: VirtualClock }> => {
  const clock = new VirtualClock();
  return { clock, store: await createImageStore({ directory, clock, maxBytes: 1_000_000, ...options }) };
};

export const put = async (store: ImageStore, image: TestImage): Promise<void> => {
  const receiver = await store.receive({ sha256: image.sha256, length: image.bytes.length });
  await receiver.write(image.bytes);
  await receiver.finish();
};

export const readAll = async (stream: Readable): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};
