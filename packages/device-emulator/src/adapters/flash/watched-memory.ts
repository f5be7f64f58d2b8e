import type { DeviceMemory } from './nv-ram.ts';

/** NV-RAM that tells when its content has changed. */
export const watchedMemory = (memory: DeviceMemory, onChange: () => void): DeviceMemory => ({
  get content() {
    return memory.content;
  },
  update: async (change) => {
    await memory.update(change);
    onChange();
  },
});
