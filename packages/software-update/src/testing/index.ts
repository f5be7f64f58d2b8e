/** In-memory stand-ins for a device's ports: for tests and simulation. */
export { type Boundaries, type Image, InMemorySlots } from './in-memory-slots.ts';
