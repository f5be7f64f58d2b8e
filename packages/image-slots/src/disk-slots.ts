import { constants, copyFile, open } from 'node:fs/promises';
import {
  otherSlot,
  type Slot,
  type SlotContents,
  type SlotStorage,
  type SlotWriter,
  updateError,
} from '@postern/software-update';
import {
  makePrivateDirectory,
  removeFile,
  removeTemporaryFiles,
  writeFileAtomic,
} from '@postern/storage/files';
import { encodeChecked } from './checked-json.ts';
import { onFlash } from './flash-error.ts';
import { type ImageWriter, openImageWriter } from './image-writer.ts';
import type { PowerFence } from './power-fence.ts';
import {
  fileSize,
  imagePath,
  matches,
  readPieces,
  readSeal,
  removeImages,
  sealPath,
  slotBytes,
  slotDirectory,
} from './slot-files.ts';

export interface DiskSlotsOptions {
  /** The target's directory. */
  readonly directory: string;
  /** Bytes of images that both slots together may hold. */
  readonly capacity: () => number;
  readonly fence: PowerFence;
}

/**
 * Image slots as directories. The seal is written last and removed first, so that after a power cut at any moment a
 * slot with a seal is whole and one without counts as empty.
 *
 * @spec X4 X6
 */
export class DiskSlots implements SlotStorage {
  readonly #options: DiskSlotsOptions;
  /** The one writer of each image: a newer one takes over from a half-dead session's. */
  readonly #writers = new Map<string, ImageWriter>();

  constructor(options: DiskSlotsOptions) {
    this.#options = options;
  }

  contents(slot: Slot): Promise<SlotContents | undefined> {
    return onFlash('read a seal', () => readSeal(this.#path(slot)));
  }

  async isWhole(slot: Slot): Promise<boolean> {
    const contents = await this.contents(slot);
    if (contents === undefined) return false;
    for (const component of Object.values(contents)) {
      const path = imagePath(this.#path(slot), component.name);
      if (!(await onFlash('read an image', () => matches(path, component)))) return false;
    }
    return true;
  }

  clear(slot: Slot): Promise<void> {
    return this.#change('clear a slot', async () => {
      await removeFile(sealPath(this.#path(slot)));
      await removeImages(this.#path(slot));
    });
  }

  size(slot: Slot, component: string): Promise<number> {
    return onFlash('read an image', () => fileSize(imagePath(this.#path(slot), component)));
  }

  async append(slot: Slot, component: string, offset: number): Promise<SlotWriter> {
    const path = imagePath(this.#path(slot), component);
    await this.#writers.get(path)?.close();
    const elsewhere = (await this.#bytes()) - (await this.size(slot, component));
    const { capacity, fence } = this.#options;
    const room = (): number => capacity() - elsewhere;
    const writer = await fence.run(() => openImageWriter({ path, offset, room, fence }));
    this.#writers.set(path, writer);
    return writer;
  }

  read(slot: Slot, component: string): AsyncIterable<Uint8Array> {
    return readPieces(imagePath(this.#path(slot), component));
  }

  /** A copy, not a link: an image that is written again must never change the slot that runs. */
  copyFromOther(slot: Slot, component: string): Promise<void> {
    const from = imagePath(this.#path(otherSlot(slot)), component);
    const to = imagePath(this.#path(slot), component);
    return this.#change('copy an image', async () => {
      const needed = (await fileSize(from)) - (await fileSize(to));
      if ((await this.#bytes()) + needed > this.#options.capacity()) {
        throw updateError('storage-full', 'The storage of the target is full');
      }
      await copyFile(from, to, constants.COPYFILE_FICLONE);
      await syncFile(to);
    });
  }

  seal(slot: Slot, contents: SlotContents): Promise<void> {
    return this.#change('seal a slot', () =>
      writeFileAtomic(sealPath(this.#path(slot)), encodeChecked(contents)),
    );
  }

  /** Makes the directories of a new device, and rids those of an old one of what a power cut left. */
  async prepare(): Promise<void> {
    for (const slot of ['A', 'B'] as const) {
      await this.#change('make a slot', async () => {
        await makePrivateDirectory(this.#path(slot));
        await removeTemporaryFiles(this.#path(slot));
      });
    }
  }

  #path(slot: Slot): string {
    return slotDirectory(this.#options.directory, slot);
  }

  async #bytes(): Promise<number> {
    return onFlash('measure the slots', async () => {
      const [a, b] = await Promise.all([slotBytes(this.#path('A')), slotBytes(this.#path('B'))]);
      return a + b;
    });
  }

  #change<T>(doing: string, work: () => Promise<T>): Promise<T> {
    return this.#options.fence.run(() => onFlash(doing, work));
  }
}

const syncFile = async (path: string): Promise<void> => {
  const handle = await open(path, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};
