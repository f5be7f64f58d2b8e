import { readTextFile, writeFileAtomic } from '@postern/storage/files';
import { decodeChecked, encodeChecked } from './checked-json.ts';
import { onFlash } from './flash-error.ts';
import type { PowerFence } from './power-fence.ts';

/**
 * Reads what a {@link CheckedFile} keeps.
 *
 * @returns the content, of which the caller vouches for the type
 * @throws PosternError `storage-failed`
 */
export const readCheckedFile = async <T>(path: string): Promise<'missing' | 'damaged' | { content: T }> => {
  const text = await onFlash(`read ${path}`, () => readTextFile(path));
  if (text === undefined) return 'missing';
  const content = decodeChecked<T>(text);
  return content === undefined ? 'damaged' : { content };
};

/** @throws PosternError `storage-full`, `storage-failed` */
export const writeCheckedFile = (path: string, content: unknown): Promise<void> =>
  onFlash(`write ${path}`, () => writeFileAtomic(path, encodeChecked(content)));

/**
 * A file with a checksum that is saved as a whole. Changes reach the disk in order; those made while a write is under
 * way share the next one, so that a burst of them costs few writes and no timer. What could not be written never
 * happened.
 *
 * @spec X6
 */
export class CheckedFile<T> {
  readonly #path: string;
  readonly #fence: PowerFence;
  /** What the disk holds. */
  #content: T;
  #changes: ((content: T) => T)[] = [];
  /** The write that has not begun yet; it takes all changes of the moment it begins. */
  #next: Promise<void> | undefined;
  #last: Promise<void> = Promise.resolve();

  /** @param content what the file holds, or what stands for a file that is missing */
  constructor(path: string, content: T, fence: PowerFence) {
    this.#path = path;
    this.#content = content;
    this.#fence = fence;
  }

  get content(): T {
    return this.#content;
  }

  /** Changes the content; on return it survives a power cut. */
  update(change: (content: T) => T): Promise<void> {
    this.#changes.push(change);
    this.#next ??= this.#write(this.#last);
    return this.#next;
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
          await writeCheckedFile(this.#path, changed);
          this.#content = changed;
        }),
      );
    this.#last = write;
    return write;
  }
}
