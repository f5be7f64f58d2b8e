import { progress } from './report.js';

/**
 * Takes turns: in every round each subject is measured once, and the order is reversed from round to round, so that
 * a machine that grows slower or faster favours nobody. One more round comes first, to warm up, and is dropped.
 *
 * @template {string} Name
 * @template Sample
 * @param {number} rounds
 * @param {Readonly<Record<Name, () => Promise<Sample>>>} subjects
 * @returns {Promise<Record<Name, Sample[]>>} Samples by name, one a round.
 */
export const takeTurns = async (rounds, subjects) => {
  const names = /** @type {Name[]} */ (Object.keys(subjects));
  const empty = Object.fromEntries(names.map((name) => [name, /** @type {Sample[]} */ ([])]));
  const samples = /** @type {Record<Name, Sample[]>} */ (empty);
  for (let round = 0; round <= rounds; round += 1) {
    const order = round % 2 === 0 ? names : [...names].reverse();
    for (const name of order) {
      const sample = await subjects[name]();
      if (round > 0) samples[name].push(sample);
    }
    progress(round === 0 ? '  warmed up' : `  round ${round} of ${rounds}`);
  }
  return samples;
};
