import { cpus } from 'node:os';
import { pairedRatios, spread } from './statistics.js';

const machine = { node: process.version, cpu: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}` };

/**
 * @typedef {object} Figure
 * @property {string} bench Letter of the benchmark.
 * @property {string} metric
 * @property {string} unit
 * @property {readonly number[]} samples One a round.
 * @property {{ metric: string, samples: readonly number[] }} [baseline] Taken in the same rounds.
 */

/**
 * Prints one figure as a JSON line: the median, smallest and largest sample, and the same of its ratio to the baseline.
 *
 * @param {Figure} figure
 */
export const report = ({ bench, metric, unit, samples, baseline }) => {
  const { min, median, max } = spread(samples);
  const ratio = baseline === undefined ? undefined : pairedRatios(samples, baseline.samples);
  const line = {
    bench,
    metric,
    value: round(median),
    unit,
    min: round(min),
    max: round(max),
    ...(ratio === undefined
      ? {}
      : {
          baseline: baseline?.metric,
          ratio: round(ratio.median),
          ratioMin: round(ratio.min),
          ratioMax: round(ratio.max),
        }),
    runs: samples.length,
    ...machine,
    date: new Date().toISOString(),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

/** For people, on standard error. @param {string} text */
export const progress = (text) => {
  process.stderr.write(`${text}\n`);
};

/** Four significant digits: more would be noise. @param {number} value */
const round = (value) => Number(value.toPrecision(4));
