import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const canPin = availableParallelism() >= 2 && spawnSync('taskset', ['-V']).status === 0;

/** The core of the process that is measured, and the core of everything that drives it; undefined: not bound. */
export const SUBJECT_CORE = canPin ? 0 : undefined;
export const DRIVER_CORE = canPin ? 1 : undefined;

/** @param {number | undefined} core @returns {{ core?: number }} */
export const onCore = (core) => (core === undefined ? {} : { core });
