import { startConventionalSite } from './support/conventional-site.js';
import { progress } from './support/report.js';
import { reportParts } from './support/report-parts.js';
import { updateTogether } from './support/update-together.js';
import { startWholeSite } from './support/whole-site.js';
import { makeDirectory } from './support/workspace.js';

const KIB = 1_024;

const BENCH = { bench: 'e', unit: 'CPU-ms/update' };

/** @typedef {import('./support/report-parts.js').Parts} Parts */

/**
 * What an order costs that finds the device up to date, against a whole update and against the version check of the
 * conventional scheme.
 *
 * @param {{ quick: boolean }} options
 */
export const run = async ({ quick }) => {
  const count = quick ? 8 : 40;
  const rounds = quick ? 1 : 4;
  const directory = await makeDirectory();
  const site = await startWholeSite(directory);
  await site.addDevices(count);
  const conventional = await startConventionalSite(directory, count);
  const tiers = { server: site.server.child, updater: site.intermediary, devices: site.devices };
  /** @type {Record<'whole' | 'check' | 'conventional', Parts[]>} */
  const samples = { whole: [], check: [], conventional: [] };
  // Always in this order: the update is what makes the check find nothing to do. The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    const release = { version: `${round + 2}.0`, releaseCounter: round + 2, length: 64 * KIB };
    const order = { names: site.names, software: await site.server.publish(release) };
    const { operator } = site.server;
    const whole = await updateTogether(operator, tiers, { ...order, state: 'verified' });
    const check = await updateTogether(operator, tiers, { ...order, state: 'not-required' });
    const plain = await conventional.publish(release);
    await conventional.update(plain, 'verified');
    const conventionally = await conventional.update(plain, 'not-required');
    progress(round === 0 ? '  warmed up' : `  round ${round} of ${rounds}`);
    if (round === 0) continue;
    samples.whole.push(whole);
    samples.check.push(check);
    samples.conventional.push(conventionally);
  }
  const whole = { metric: 'whole-64KiB', samples: samples.whole };
  const check = { metric: 'not-required', samples: samples.check };
  const conventionally = { metric: 'conventional-check', samples: samples.conventional };
  reportParts({ ...BENCH, ...whole });
  reportParts({ ...BENCH, ...conventionally });
  reportParts({ ...BENCH, ...check, baseline: whole });
  reportParts({ ...BENCH, ...check, baseline: conventionally });
  await Promise.all([conventional.stop(), site.stop()]);
};
