import { cpuOf, millisecondsEach, untilAllQuiet } from './cpu.js';
import { until } from './until.js';

/** Longest wait for updates that were ordered together, in milliseconds. */
const LIMIT = 120_000;

/**
 * Orders a release for devices, all at once, and waits until each update has ended.
 *
 * Whether they have ended is asked only when all processes have become quiet, and not counted: who looks on costs the
 * server nothing.
 *
 * @template {string} Tier
 * @param {import('@postern/management-server/client').OperatorClient} operator
 * @param {Readonly<Record<Tier, import('./children.js').Child>>} tiers Processes that are measured.
 * @param {{ names: readonly string[], software: string, state: 'verified' | 'not-required' }} order
 * @returns CPU-milliseconds of each tier for each update
 */
export const updateTogether = async (operator, tiers, { names, software, state }) => {
  await untilAllQuiet(tiers);
  const before = await cpuOf(tiers);
  let after = before;
  const ordered = await Promise.all(names.map((deviceId) => operator.orderUpdate({ deviceId, software })));
  const waiting = ordered.map(({ id }) => id);
  await until('all updates have ended', LIMIT, async () => {
    await untilAllQuiet(tiers);
    after = await cpuOf(tiers);
    await forgetEnded(operator, waiting, state);
    return waiting.length === 0;
  });
  return millisecondsEach(before, after, names.length);
};

/** Up to the first that has not. @param {import('@postern/management-server/client').OperatorClient} operator @param {string[]} waiting @param {string} wanted */
const forgetEnded = async (operator, waiting, wanted) => {
  for (let [id] = waiting; id !== undefined; [id] = waiting) {
    const { state, finishedAt } = await operator.update(id);
    if (finishedAt === null) return;
    if (state !== wanted) throw new Error(`Update ${id} ended as ${state}`);
    waiting.shift();
  }
};
