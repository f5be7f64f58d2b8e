import { untilQuiet } from './until.js';

/** @typedef {import('./children.js').Child} Child */

/** CPU-seconds of each process so far. @template {string} Name @param {Readonly<Record<Name, Child>>} processes */
export const cpuOf = async (processes) => {
  const names = /** @type {Name[]} */ (Object.keys(processes));
  const entries = await Promise.all(names.map(async (name) => [name, await processes[name].ask('cpu')]));
  return /** @type {Record<Name, number>} */ (Object.fromEntries(entries));
};

/** @param {Readonly<Record<string, Child>>} processes */
export const untilAllQuiet = async (processes) => {
  for (const process of Object.values(processes)) await untilQuiet(process);
};

/**
 * @template {string} Name
 * @param {Readonly<Record<Name, number>>} before
 * @param {Readonly<Record<Name, number>>} after
 * @param {number} count Of what was done in between.
 * @returns {Record<Name, number>} CPU-milliseconds of each process for each.
 */
export const millisecondsEach = (before, after, count) => {
  const names = /** @type {Name[]} */ (Object.keys(before));
  const entries = names.map((name) => [name, ((after[name] - before[name]) * 1_000) / count]);
  return /** @type {Record<Name, number>} */ (Object.fromEntries(entries));
};

/**
 * CPU-milliseconds of each process for each of `count` things that `work` does, and all that these leave to be done
 * behind it.
 *
 * @template {string} Name
 * @param {Readonly<Record<Name, Child>>} processes
 * @param {number} count
 * @param {() => Promise<unknown>} work
 */
export const measureCpu = async (processes, count, work) => {
  await untilAllQuiet(processes);
  const before = await cpuOf(processes);
  await work();
  await untilAllQuiet(processes);
  return millisecondsEach(before, await cpuOf(processes), count);
};
