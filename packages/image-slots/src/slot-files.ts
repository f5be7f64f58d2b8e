import { createHash } from 'node:crypto';
import { open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '@postern/core';
import { type ManifestComponent, type Slot, type SlotContents, updateError } from '@postern/software-update';
import { readTextFile } from '@postern/storage/files';
import { decodeChecked } from './checked-json.ts';

/** How much is read or written at a time, in bytes. */
export const CHUNK_BYTES = 256 * 1_024;

const COMPONENT = /^[a-z0-9][a-z0-9.-]{0,31}$/;

export const slotDirectory = (directory: string, slot: Slot): string => join(directory, 'slots', slot);

/** Says what the slot holds; while it is missing, the slot counts as empty. */
export const sealPath = (slotPath: string): string => join(slotPath, 'slot.json');

/** Refuses a component that is no plain file name, whoever let it through. */
export const imagePath = (slotPath: string, component: string): string => {
  if (!COMPONENT.test(component)) throw updateError('component-unknown', 'Not the name of a component');
  return join(slotPath, `${component}.img`);
};

export const readSeal = async (slotPath: string): Promise<SlotContents | undefined> => {
  const text = await readTextFile(sealPath(slotPath));
  return text === undefined ? undefined : decodeChecked<SlotContents>(text);
};

/** Bytes of a file; 0 when there is none. */
export const fileSize = async (path: string): Promise<number> => {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errorCode(error, '') === 'ENOENT') return 0;
    throw error;
  }
};

const imageNames = async (slotPath: string): Promise<readonly string[]> =>
  (await readdir(slotPath)).filter((name) => name.endsWith('.img'));

/** Bytes of all images in a slot, those left by a crash included. */
export const slotBytes = async (slotPath: string): Promise<number> => {
  const sizes = await Promise.all((await imageNames(slotPath)).map((name) => fileSize(join(slotPath, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
};

export const removeImages = async (slotPath: string): Promise<void> => {
  for (const name of await imageNames(slotPath)) await rm(join(slotPath, name), { force: true });
};

/**
 * The file's bytes, piece by piece. A piece is overwritten when the next one is asked for: a weak device reads a whole
 * image in the memory of one piece.
 */
export async function* readPieces(path: string): AsyncGenerator<Uint8Array> {
  const handle = await open(path, 'r');
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    for (let position = 0; ; ) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES, position);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
      position += bytesRead;
    }
  } finally {
    await handle.close();
  }
}

/** Whether the file has the length and digest that the vendor signed. */
export const matches = async (path: string, { length, sha256 }: ManifestComponent): Promise<boolean> => {
  if ((await fileSize(path)) !== length) return false;
  const hash = createHash('sha256');
  for await (const piece of readPieces(path)) hash.update(piece);
  return hash.digest('hex') === sha256;
};
