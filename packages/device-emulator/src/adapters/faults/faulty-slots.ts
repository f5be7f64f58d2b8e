import { open } from 'node:fs/promises';
import { imagePath, readSeal, slotDirectory } from '@postern/image-slots';
import type { Slot, SlotStorage } from '@postern/software-update';
import type { CurrentFaults } from '../../domain/faults.ts';

/** Flips a bit in the middle of every image of a slot, as a worn-out flash cell would. */
export const corruptSlot = async (directory: string, slot: Slot): Promise<void> => {
  const path = slotDirectory(directory, slot);
  for (const { name, length } of Object.values((await readSeal(path)) ?? {})) {
    const handle = await open(imagePath(path, name), 'r+');
    try {
      const position = Math.floor(length / 2);
      const byte = Buffer.alloc(1);
      await handle.read(byte, 0, 1, position);
      byte.writeUInt8(byte.readUInt8() ^ 1);
      await handle.write(byte, 0, 1, position);
    } finally {
      await handle.close();
    }
  }
};

/** Slots with the fault `corruptSlotAfterSeal`. */
export const faultySlots = (slots: SlotStorage, directory: string, faults: CurrentFaults): SlotStorage => ({
  contents: (slot) => slots.contents(slot),
  isWhole: (slot) => slots.isWhole(slot),
  clear: (slot) => slots.clear(slot),
  size: (slot, component) => slots.size(slot, component),
  append: (slot, component, offset) => slots.append(slot, component, offset),
  read: (slot, component) => slots.read(slot, component),
  copyFromOther: (slot, component) => slots.copyFromOther(slot, component),
  seal: async (slot, contents) => {
    await slots.seal(slot, contents);
    if (faults().corruptSlotAfterSeal === true) await corruptSlot(directory, slot);
  },
});
