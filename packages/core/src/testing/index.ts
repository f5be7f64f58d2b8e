/** Deterministic stand-ins for core's ports: for tests and simulation. */

export { isAlive } from './is-alive.ts';
export { type LogLine, memoryLogger } from './memory-logger.ts';
export { seededEntropy } from './seeded-entropy.ts';
export { VirtualClock } from './virtual-clock.ts';
