import { startConventionalSite } from './support/conventional-site.js';
import { progress } from './support/report.js';
import { reportParts } from './support/report-parts.js';
import { takeTurns } from './support/rounds.js';
import { updateTogether } from './support/update-together.js';
import { startWholeSite } from './support/whole-site.js';
import { makeDirectory } from './support/workspace.js';

const KIB = 1_024;

const BENCH = { bench: 'g', unit: 'CPU-ms/update' };

/** Many updates of 8 MiB write gigabytes: fewer rounds of them have to do. */
const SIZES = {
  '64KiB': { length: 64 * KIB, rounds: 3 },
  '8MiB': { length: 8 * KIB * KIB, rounds: 2 },
};

/** @typedef {import('./support/report-parts.js').Parts} Parts */

/**
 * Whole updates by the conventional scheme, of devices that implement the patent's part only, and of our own.
 *
 * @param {{ quick: boolean }} options
 */
export const run = async ({ quick }) => {
  const count = quick ? 8 : 32;
  const directory = await makeDirectory();
  const site = await startWholeSite(directory);
  await site.addDevices(count);
  const patent = await site.addPatentDevices(count);
  const conventional = await startConventionalSite(directory, count);
  progress(`  ${count} devices of each scheme are there`);
  let last = 1;
  /** @param {number} length */
  const newRelease = (length) => {
    last += 1;
    return { version: `${last}.0`, releaseCounter: last, length };
  };
  /** @param {readonly string[]} names @param {import('./support/children.js').Child} devices @param {number} length */
  const atSite = async (names, devices, length) => {
    const { server, intermediary } = site;
    const tiers = { server: server.child, updater: intermediary, devices };
    const software = await server.publish(newRelease(length));
    /** @type {Parts} */
    const parts = await updateTogether(server.operator, tiers, { names, software, state: 'verified' });
    return parts;
  };

  for (const [size, { length, rounds }] of Object.entries(SIZES)) {
    progress(`  ${size}`);
    const { conventionally, ...ours } = await takeTurns(quick ? 1 : rounds, {
      conventionally: async () =>
        /** @type {Parts} */ (
          await conventional.update(await conventional.publish(newRelease(length)), 'verified')
        ),
      patent: () => atSite(patent.names, patent.child, length),
      postern: () => atSite(site.names, site.devices, length),
    });
    const baseline = { metric: `${size}/conventional`, samples: conventionally };
    reportParts({ ...BENCH, ...baseline });
    for (const [scheme, samples] of Object.entries(ours)) {
      reportParts({ ...BENCH, metric: `${size}/${scheme}`, samples, baseline });
    }
  }
  await Promise.all([conventional.stop(), site.stop()]);
};
