import { join } from 'node:path';
import type { TargetMemory, TargetRecord } from '@postern/software-update';
import { readTextFile, writeFileAtomic } from '@postern/storage/files';
import { deviceError } from '../../errors.ts';
import { decodeChecked, encodeChecked } from './checked-json.ts';
import { onFlash } from './flash-error.ts';
import type { PowerFence } from './power-fence.ts';

/** The listeners of a device; `ftp` is the bulk path, whatever its kind. */
export type OwnPort = 'soap' | 'ftp' | 'plain';

/** Everything a device remembers beside its images. Plain data, saved as a whole. */
export interface NvRamContent {
  /** The target's part; absent until the first start. */
  readonly target?: TargetRecord;
  readonly counters: Readonly<Record<string, number>>;
  readonly parameters: Readonly<Record<string, string>>;
  /** Ports that the system once assigned: a device keeps its address. */
  readonly ports: Readonly<Partial<Record<OwnPort, number>>>;
  /** What fixed erasure passwords are derived from; hexadecimal. Absent until the first is needed. */
  readonly erasureSecret?: string;
}

export const nvRamPath = (directory: string): string => join(directory, 'nv-ram.json');

export const writeNvRam = (directory: string, content: NvRamContent): Promise<void> =>
  onFlash('write NV-RAM', () => writeFileAtomic(nvRamPath(directory), encodeChecked(content)));

/**
 * The content of a device's NV-RAM.
 *
 * @throws PosternError `device-not-manufactured`, `nv-ram-corrupt`, `storage-failed`
 */
export const readNvRam = async (directory: string): Promise<NvRamContent> => {
  const path = nvRamPath(directory);
  const text = await onFlash('read NV-RAM', () => readTextFile(path));
  if (text === undefined) throw deviceError('device-not-manufactured', `${directory} holds no device`);
  const content = decodeChecked<NvRamContent>(text);
  if (content === undefined) throw deviceError('nv-ram-corrupt', `${path} is damaged`);
  return content;
};

type Change = (content: NvRamContent) => NvRamContent;

/** What a program of the device sees of its NV-RAM. */
export interface DeviceMemory {
  /** What is durable. */
  readonly content: NvRamContent;
  /** Changes the content; on return it survives a power cut. */
  update(change: Change): Promise<void>;
}

/**
 * NV-RAM of a running device. Changes reach the disk in order; those made while a write is under way share the next
 * one, so that a burst of finished jobs costs few writes and no timer. What could not be written never happened.
 *
 * @spec X6
 */
export class NvRam implements DeviceMemory {
  readonly #directory: string;
  readonly #fence: PowerFence;
  /** What the disk holds. */
  #content: NvRamContent;
  #changes: Change[] = [];
  /** The write that has not begun yet; it takes all changes of the moment it begins. */
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();

  constructor(directory: string, content: NvRamContent, fence: PowerFence) {
    this.#directory = directory;
    this.#content = content;
    this.#fence = fence;
  }

  get content(): NvRamContent {
    return this.#content;
  }

  /** Changes the content; on return it survives a power cut. */
  update(change: Change): Promise<void> {
    this.#changes.push(change);
    this.#next ??= this.#write(this.#last);
    return this.#next;
  }

  /** The part that belongs to the update target. */
  get targetMemory(): TargetMemory {
    return {
      load: async () => this.#content.target,
      save: (target) => this.update((content) => ({ ...content, target })),
    };
  }

  #write(before: Promise<void>): Promise<void> {
    const write = before
      .catch(() => {})
      .then(() =>
        this.#fence.run(async () => {
          const changes = this.#changes;
          this.#changes = [];
          this.#next = undefined;
          const changed = changes.reduce((content, change) => change(content), this.#content);
          await writeNvRam(this.#directory, changed);
          this.#content = changed;
        }),
      );
    this.#last = write;
    return write;
  }
}
