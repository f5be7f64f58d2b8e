import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { CHUNK_BYTES, DiskSlots, PowerFence } from '@postern/image-slots';
import type { ManifestComponent } from '@postern/software-update';
import { makePrivateDirectory, removeFile, unlessMissing } from '@postern/storage/files';
import { type DeviceProfile, factoryParameters, stoppedAtFirst } from '../domain/profile.ts';
import { factorySupplies } from '../domain/supplies.ts';
import { deviceError } from '../errors.ts';
import { nvRamPath, writeNvRam } from './flash/nv-ram.ts';
import { givePasswordList, ownListPath } from './password-list-file.ts';

/** One component of the software that a device leaves the factory with. */
export interface FactoryComponent {
  readonly name: string;
  readonly version: string;
  readonly releaseCounter: number;
  /** The image, or where to read it. */
  readonly content: Uint8Array | { readonly file: string };
}

export interface ManufactureOptions {
  /** The new device's own directory. */
  readonly directory: string;
  readonly profile: DeviceProfile;
  readonly software: readonly FactoryComponent[];
  /** A password list to carry to it, and the name that the list must bear. */
  readonly passwordList?: { readonly deviceId: string; readonly file: string };
  /** Replaces a device that is there (a factory reset): counters, settings, credential, password list and both slots are gone. */
  readonly reset?: boolean;
}

/** Whether the directory holds a complete device. */
export const isManufactured = async (directory: string): Promise<boolean> =>
  (await unlessMissing(stat(nvRamPath(directory)))) !== undefined;

/**
 * Makes a device with its first software in slot A. NV-RAM is written last: an interrupted manufacture leaves no
 * device, and is simply repeated.
 *
 * @throws PosternError `device-exists`, `storage-full`, `storage-failed`, and those of {@link givePasswordList}
 */
export const manufactureDevice = async (options: ManufactureOptions): Promise<void> => {
  const { directory, profile, software, passwordList } = options;
  if (!options.reset && (await isManufactured(directory))) {
    throw deviceError('device-exists', `${directory} holds a device already`);
  }
  const fresh = await makePrivateDirectory(directory);
  const slots = new DiskSlots({
    directory,
    capacity: () => Number.POSITIVE_INFINITY,
    fence: new PowerFence(),
  });
  if (!fresh) {
    await removeFile(nvRamPath(directory));
    await removeFile(ownListPath(directory));
  }
  await slots.prepare();
  if (!fresh) {
    await slots.clear('A');
    await slots.clear('B');
  }
  const components: ManifestComponent[] = [];
  for (const component of software) components.push(await putImage(slots, component));
  await slots.seal('A', Object.fromEntries(components.map((component) => [component.name, component])));
  if (passwordList !== undefined) await givePasswordList(directory, passwordList.deviceId, passwordList.file);
  await writeNvRam(directory, {
    counters: profile.counters,
    parameters: factoryParameters(profile),
    stoppedApplications: stoppedAtFirst(profile),
    supplies: factorySupplies(profile),
    ports: {},
  });
};

const putImage = async (slots: DiskSlots, component: FactoryComponent): Promise<ManifestComponent> => {
  const { name, version, releaseCounter, content } = component;
  const hash = createHash('sha256');
  let length = 0;
  const writer = await slots.append('A', name, 0);
  try {
    for await (const piece of ArrayBuffer.isView(content) ? [content] : piecesOf(content.file)) {
      hash.update(piece);
      length += piece.length;
      await writer.write(piece);
    }
  } finally {
    await writer.close();
  }
  return { name, version, length, sha256: hash.digest('hex'), releaseCounter };
};

/** Pieces that the writer may keep until it has gathered enough. */
const piecesOf = (path: string): AsyncIterable<Uint8Array> =>
  createReadStream(path, { highWaterMark: CHUNK_BYTES });
