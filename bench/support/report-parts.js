import { report } from './report.js';

/** @typedef {Readonly<Record<string, number>>} Parts What each of several processes used; one a round. */

/** The sum of all parts, as if it were one of them. */
const TOGETHER = 'all-tiers';

/** @param {readonly Parts[]} samples @param {string} part */
const samplesOf = (samples, part) =>
  samples.map((parts) =>
    part === TOGETHER
      ? Object.values(parts).reduce((sum, used) => sum + used, 0)
      : (parts[part] ?? Number.NaN),
  );

/**
 * Prints a figure for each part, and for all together. With a baseline: only for parts that it has, too.
 *
 * @param {Omit<import('./report.js').Figure, 'samples' | 'baseline'> & {
 *   samples: readonly Parts[],
 *   baseline?: { metric: string, samples: readonly Parts[] },
 * }} figure
 */
export const reportParts = ({ bench, metric, unit, samples, baseline }) => {
  for (const part of [...Object.keys(samples[0] ?? {}), TOGETHER]) {
    const own = { bench, metric: `${metric}/${part}`, unit, samples: samplesOf(samples, part) };
    if (baseline === undefined) report(own);
    else if (part === TOGETHER || part in (baseline.samples[0] ?? {})) {
      const its = { metric: `${baseline.metric}/${part}`, samples: samplesOf(baseline.samples, part) };
      report({ ...own, baseline: its });
    }
  }
};
