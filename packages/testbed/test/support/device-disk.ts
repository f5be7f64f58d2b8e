import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { SiteFiles } from '@postern/testbed';

/** What the disk of a device says that runs, and what the image really is. */
export interface ActiveImage {
  readonly version: string;
  /** Of the file in the active slot. */
  readonly sha256: string;
}

interface NvRam {
  readonly content: { readonly target: { readonly boot: { readonly active: string } } };
}
interface Seal {
  readonly content: { readonly firmware: { readonly version: string } };
}

/** Reads a device's disk as somebody does who takes it out of the device. */
export const activeImage = async (files: SiteFiles, deviceId: string): Promise<ActiveImage> => {
  const disk = join(files.deviceDataDir, deviceId);
  const nvRam = await readJson<NvRam>(join(disk, 'nv-ram.json'));
  const slot = join(disk, 'slots', nvRam.content.target.boot.active);
  const seal = await readJson<Seal>(join(slot, 'slot.json'));
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(slot, 'firmware.img')), hash);
  return { version: seal.content.firmware.version, sha256: hash.digest('hex') };
};

const readJson = async <T>(path: string): Promise<T> => JSON.parse(await readFile(path, 'utf8')) as T;
