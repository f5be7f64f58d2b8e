import type { DeviceFaults } from '../fault-table.ts';

export type { DeviceFaults } from '../fault-table.ts';

/** Reads the faults of this moment: they may change while the device runs. */
export type CurrentFaults = () => DeviceFaults;
