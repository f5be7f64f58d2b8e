/**
 * @typedef {object} Spread
 * @property {number} min
 * @property {number} median
 * @property {number} max
 */

/**
 * @param {readonly number[]} samples At least one.
 * @returns {Spread}
 */
export const spread = (samples) => {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1] ?? Number.NaN;
  const high = sorted[Math.floor(middle)] ?? Number.NaN;
  return { min: sorted[0] ?? Number.NaN, median: (low + high) / 2, max: sorted.at(-1) ?? Number.NaN };
};

/**
 * Ratios of samples taken in the same rounds: what slows a whole round down cancels out.
 *
 * @param {readonly number[]} subject
 * @param {readonly number[]} baseline
 */
export const pairedRatios = (subject, baseline) =>
  spread(subject.map((value, round) => value / (baseline[round] ?? Number.NaN)));
