import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type BulkReceiver, updateError } from '@postern/software-update';
import { makePrivateDirectory, writeFileAtomic } from '@postern/storage/files';

export interface PlainSoftwareOptions {
  readonly directory: string;
  /** Bytes that one image may have: what the device has room for. */
  readonly storageBytes: number;
}

/** What a device shows as its version when its software does not begin with one. */
export const UNREADABLE = 'unreadable';

const VERSION_LINE = /^([A-Za-z0-9][A-Za-z0-9.+_-]{0,63})\r?\n/;
/** Bytes in which the line is looked for. */
const HEADER_BYTES = 80;

/** The version that an image says of itself: its first line. */
export const claimedVersion = (image: Uint8Array): string =>
  VERSION_LINE.exec(Buffer.from(image.subarray(0, HEADER_BYTES)).toString('latin1'))?.[1] ?? UNREADABLE;

/**
 * The software of a device that believes its images: what arrives is what it runs after the next restart. No digest,
 * no signature, no second slot; only its storage ends. One file a component.
 */
export class PlainSoftware {
  readonly #directory: string;
  readonly #storageBytes: number;
  readonly #versions = new Map<string, string>();
  /** Component → the file that arrived last. */
  readonly #arrived = new Map<string, string>();
  #uploads = 0;
  #mostTaken = 0;

  private constructor({ directory, storageBytes }: PlainSoftwareOptions) {
    this.#directory = directory;
    this.#storageBytes = storageBytes;
  }

  /** @param factory what the device leaves the factory with, by component; replaces what is there */
  static async open(
    options: PlainSoftwareOptions,
    factory: Readonly<Record<string, Uint8Array>>,
  ): Promise<PlainSoftware> {
    await makePrivateDirectory(options.directory);
    const software = new PlainSoftware(options);
    for (const [component, image] of Object.entries(factory)) {
      await writeFileAtomic(software.#path(component), image);
      software.#versions.set(component, claimedVersion(image));
    }
    return software;
  }

  /** Component → version that runs. */
  get versions(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.#versions);
  }

  /** Bytes of the longest upload that was stored so far. */
  get mostTaken(): number {
    return this.#mostTaken;
  }

  has(component: string): boolean {
    return this.#versions.has(component);
  }

  /** The image that runs. */
  image(component: string): Promise<Buffer> {
    return readFile(this.#path(component));
  }

  /** Takes an image from its first byte to its last. */
  async receive(component: string, onArrived: () => void): Promise<BulkReceiver> {
    this.#uploads += 1;
    const incoming = `${this.#path(component)}.incoming-${this.#uploads}`;
    const file = await open(incoming, 'w', 0o600);
    let total = 0;
    return {
      write: async (chunk) => {
        total += chunk.length;
        if (total > this.#storageBytes) throw updateError('storage-full', 'The storage is full');
        this.#mostTaken = Math.max(this.#mostTaken, total);
        await file.write(chunk);
      },
      finish: async () => {
        await file.sync();
        await file.close();
        this.#arrived.set(component, incoming);
        onArrived();
        return `${total} bytes taken`;
      },
      abort: async () => {
        await file.close();
        await rm(incoming, { force: true });
      },
    };
  }

  /** What has arrived is what runs from now on. */
  async install(): Promise<void> {
    for (const [component, incoming] of this.#arrived) {
      await rename(incoming, this.#path(component));
      this.#versions.set(component, claimedVersion(await this.image(component)));
    }
    this.#arrived.clear();
  }

  /** What has arrived is lost. */
  async discard(): Promise<void> {
    for (const incoming of this.#arrived.values()) await rm(incoming, { force: true });
    this.#arrived.clear();
  }

  #path(component: string): string {
    return join(this.#directory, `${component}.img`);
  }
}
