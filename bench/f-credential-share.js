import { DEFAULT_SCHEME } from '@postern/software-update';
import { cpuOf, millisecondsEach, untilAllQuiet } from './support/cpu.js';
import { startCredentialSite } from './support/credential-site.js';
import { progress, report } from './support/report.js';
import { takeTurns } from './support/rounds.js';
import { makeDirectory } from './support/workspace.js';

/** @typedef {import('@postern/software-update').UpdateScheme} UpdateScheme */
/** @typedef {import('./support/credential-site.js').LinkName} LinkName */
/** @typedef {'updater' | 'devices'} Side */
/** @typedef {Record<Side, number>} Used CPU-milliseconds of both sides for each device. */
/** @typedef {Record<Step, Used>} Sample */

/** An update's exchanges about its password; in between lies the reading of the version report. */
const STEPS = /** @type {const} */ (['share', 'login', 'mark', 'erase']);
/** @typedef {(typeof STEPS)[number]} Step */

/** How often each device is gone through for one sample: more would be too many requests in plain HTTP at a time. */
const PASSES = 2;

/** @param {Partial<import('@postern/software-update').OneTimeScheme>} [choices] @returns {UpdateScheme} */
const oneTime = (choices = {}) => ({ ...DEFAULT_SCHEME, ...choices });

/** @type {UpdateScheme} */
const LISTED = { credential: 'password-list', orderedBy: 'server', bulkPathKind: 'ftp' };

const BY_TARGET = { passwordGenerator: /** @type {const} */ ('target') };
const A2 = 'intermediary-authenticated';
const A3 = 'device-authenticated';

/** @type {Readonly<Record<string, { link: LinkName, scheme: UpdateScheme }>>} */
const SUBJECTS = {
  mutual: { link: 'mutual', scheme: oneTime() },
  [A2]: { link: A2, scheme: oneTime({ tls: A2 }) },
  [A3]: { link: A3, scheme: oneTime({ tls: A3 }) },
  'mutual-by-target': { link: 'mutual', scheme: oneTime(BY_TARGET) },
  [`${A2}-by-target`]: { link: A2, scheme: oneTime({ ...BY_TARGET, tls: A2 }) },
  [`${A3}-by-target`]: { link: A3, scheme: oneTime({ ...BY_TARGET, tls: A3 }) },
  'mutual-by-target-asked-plainly': { link: 'plain', scheme: oneTime(BY_TARGET) },
  'mutual-request': { link: 'mutual', scheme: oneTime({ invalidation: 'request' }) },
  'mutual-request-plain': { link: 'plain', scheme: oneTime({ invalidation: 'request' }) },
  'password-list': { link: 'list', scheme: LISTED },
};

/** What all others are compared with: the default scheme. */
const BASELINE = 'mutual';

/** Figures, and which steps they add up. @type {readonly { name: string, steps: readonly Step[], subjects: readonly string[] }[]} */
const FIGURES = [
  { name: 'share-and-erase', steps: ['share', 'mark', 'erase'], subjects: Object.keys(SUBJECTS) },
  { name: 'erase', steps: ['erase'], subjects: [BASELINE, 'mutual-request', 'mutual-request-plain'] },
  { name: 'login', steps: ['login'], subjects: [BASELINE, 'password-list'] },
];

/**
 * CPU time of both sides for sharing and ending one password.
 *
 * @param {{ quick: boolean }} options
 */
export const run = async ({ quick }) => {
  const count = quick ? 6 : 16;
  const site = await startCredentialSite(await makeDirectory(), count);
  const sides = { updater: site.updater, devices: site.devices };
  progress(`  ${count} devices of each kind of link are registered`);
  await untilAllQuiet(sides);

  /** @type {Record<string, () => Promise<Sample>>} */
  const subjects = {};
  for (const [name, { link, scheme }] of Object.entries(SUBJECTS)) {
    const deviceIds = site.namesOf(link);
    subjects[name] = async () => {
      const sample = noSample();
      for (let pass = 0; pass < PASSES; pass += 1) {
        for (const step of STEPS) {
          const before = await cpuOf(sides);
          await site.updater.ask(step, step === 'share' ? { deviceIds, scheme } : undefined);
          add(sample[step], millisecondsEach(before, await cpuOf(sides), deviceIds.length * PASSES));
        }
      }
      return sample;
    };
  }
  reportAll(await takeTurns(quick ? 1 : 6, subjects));
  await site.stop();
};

/** @returns {Sample} */
const noSample = () => {
  const entries = STEPS.map((step) => [step, { updater: 0, devices: 0 }]);
  return /** @type {Sample} */ (Object.fromEntries(entries));
};

/** @param {Used} sum @param {Used} used */
const add = (sum, used) => {
  sum.updater += used.updater;
  sum.devices += used.devices;
};

/** @param {Readonly<Record<string, readonly Sample[]>>} samples */
const reportAll = (samples) => {
  for (const side of /** @type {const} */ (['devices', 'updater'])) {
    for (const { name, steps, subjects } of FIGURES) {
      /** @param {string} subject */
      const figureOf = (subject) => ({
        metric: `${name}/${side}/${subject}`,
        samples: (samples[subject] ?? []).map((sample) =>
          steps.reduce((sum, step) => sum + sample[step][side], 0),
        ),
      });
      for (const subject of subjects) {
        const baseline = subject === BASELINE ? {} : { baseline: figureOf(BASELINE) };
        report({ bench: 'f', unit: 'CPU-ms/exchange', ...figureOf(subject), ...baseline });
      }
    }
  }
};
