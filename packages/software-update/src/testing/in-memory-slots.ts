import { createHash } from 'node:crypto';
import { PosternError } from '@postern/core';
import type { ManifestComponent } from '../manifest/manifest.ts';
import type { SlotContents, SlotStorage } from '../ports/target-ports.ts';
import { otherSlot, type Slot } from '../target/boot.ts';

/** A component together with its bytes. */
export interface Image {
  readonly component: ManifestComponent;
  readonly bytes: Uint8Array;
}

/** One run of a device: may end right before or right after an effect, and has none once it has ended. */
export interface Boundaries {
  effect<T>(label: string, work: () => T | Promise<T>): Promise<T>;
}

interface StoredSlot {
  contents: SlotContents | undefined;
  readonly images: Map<string, Uint8Array>;
}

/** The flash memory of a device. Outlives the lives of its device; each life reaches it through {@link InMemorySlots.seenBy}. */
export class InMemorySlots {
  readonly #slots: Readonly<Record<Slot, StoredSlot>>;
  /** Bytes that one slot can hold. */
  capacity = 1_000_000;

  constructor(factory: readonly Image[]) {
    this.#slots = {
      A: {
        contents: Object.fromEntries(factory.map(({ component }) => [component.name, component])),
        images: new Map(factory.map(({ component, bytes }) => [component.name, bytes])),
      },
      B: { contents: undefined, images: new Map() },
    };
  }

  /** Flips a bit of everything the slot holds: the flash has worn out. */
  rot(slot: Slot): void {
    for (const [name, bytes] of this.#slots[slot].images) {
      this.#slots[slot].images.set(
        name,
        Uint8Array.from(bytes, (byte, at) => (at === 0 ? byte ^ 1 : byte)),
      );
    }
  }

  /** Whether the slot was sealed and every component has its digest. */
  isWhole(slot: Slot): boolean {
    const { contents, images } = this.#slots[slot];
    if (contents === undefined) return false;
    return Object.values(contents).every(({ name, sha256 }) => {
      const bytes = images.get(name);
      return bytes !== undefined && createHash('sha256').update(bytes).digest('hex') === sha256;
    });
  }

  /** The port of one life: each write is a boundary at which that life may end. */
  seenBy(life: Boundaries): SlotStorage {
    const at = (slot: Slot): StoredSlot => this.#slots[slot];
    const bytesOf = (slot: Slot, component: string): Uint8Array =>
      at(slot).images.get(component) ?? new Uint8Array();
    return {
      contents: async (slot) => at(slot).contents,
      isWhole: async (slot) => this.isWhole(slot),
      size: async (slot, component) => bytesOf(slot, component).length,
      clear: async (slot) => {
        await life.effect(`slot ${slot} emptied`, () => {
          at(slot).contents = undefined;
        });
        await life.effect(`slot ${slot} freed`, () => at(slot).images.clear());
      },
      append: async (slot, component, offset) => {
        await life.effect(`${component} opened at ${offset}`, () => {
          at(slot).images.set(component, bytesOf(slot, component).slice(0, offset));
        });
        return {
          write: (chunk) =>
            life.effect(`${component} written`, () => {
              const bytes = Buffer.concat([bytesOf(slot, component), chunk]);
              if (bytes.length > this.capacity)
                throw new PosternError('storage-full', 'No room for the image');
              at(slot).images.set(component, bytes);
            }),
          close: async () => {},
        };
      },
      read: async function* (slot, component) {
        yield bytesOf(slot, component);
      },
      copyFromOther: (slot, component) =>
        life.effect(`${component} copied`, () => {
          at(slot).images.set(component, bytesOf(otherSlot(slot), component));
        }),
      seal: (slot, contents) =>
        life.effect(`slot ${slot} sealed`, () => {
          at(slot).contents = structuredClone(contents);
        }),
    };
  }
}
