import { DiskSlots, PowerFence } from '@postern/image-slots';
import { removeTemporaryFiles } from '@postern/storage/files';
import { digestsInUse } from '../../domain/files.ts';
import { type FileContents, openFileContents } from '../files/file-contents.ts';
import { NvRam, readNvRam } from './nv-ram.ts';

/** The device's non-volatile memory during one power cycle. */
export interface Flash {
  readonly nvRam: NvRam;
  readonly slots: DiskSlots;
  /** Of the files that NV-RAM names. */
  readonly files: FileContents;
  /** The power goes: waits for writes under way, lets no further one begin. */
  close(): Promise<void>;
}

/**
 * Opens the memory of a manufactured device.
 *
 * @param capacity bytes of images that may be held; asked again at every write
 * @throws PosternError `device-not-manufactured`, `nv-ram-corrupt`, `storage-failed`
 */
export const openFlash = async (directory: string, capacity: () => number): Promise<Flash> => {
  const fence = new PowerFence();
  const slots = new DiskSlots({ directory, capacity, fence });
  const nvRam = new NvRam(directory, await readNvRam(directory), fence);
  await slots.prepare();
  await removeTemporaryFiles(directory);
  const files = await openFileContents(directory, digestsInUse(nvRam.content), fence);
  return { nvRam, slots, files, close: () => fence.close() };
};
