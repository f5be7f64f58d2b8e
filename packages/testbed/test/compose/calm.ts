import { spawnSync } from 'node:child_process';

const WORK = `
const begin = performance.now();
while (process.cpuUsage().user < 400_000);
console.log((performance.now() - begin) * 1_000 / process.cpuUsage().user);
`;

/**
 * How much longer than on a machine of its own a program takes here, now: 1 where it has a core for itself, 4 where three
 * others want the same one.
 */
export const slowdown = (): number => {
  const { stdout } = spawnSync(process.execPath, ['-e', WORK], { encoding: 'utf8', timeout: 60_000 });
  return Math.max(1, Number(stdout));
};
