/** The two image slots of an update target on disk, and small files with a checksum. */
export { CheckedFile, readCheckedFile, writeCheckedFile } from './checked-file.ts';
export { DiskSlots, type DiskSlotsOptions } from './disk-slots.ts';
export { IMAGE_SLOTS_ERRORS, type ImageSlotsCode } from './errors.ts';
export { onFlash } from './flash-error.ts';
export { PowerFence } from './power-fence.ts';
export { CHUNK_BYTES, imagePath, readPieces, readSeal, slotDirectory } from './slot-files.ts';
export { openTargetMemory } from './target-memory.ts';
