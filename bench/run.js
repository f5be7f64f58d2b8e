import { killChildren } from './support/children.js';
import { progress } from './support/report.js';
import { removeDirectories } from './support/workspace.js';

/**
 * @typedef {object} BenchOptions
 * @property {boolean} quick Fewer and smaller rounds: to see that it works, not to quote.
 */

/** @type {Readonly<Record<string, () => Promise<{ run: (options: BenchOptions) => Promise<void> }>>>} */
const BENCHES = {
  a: () => import('./a-uplink-polls.js'),
  b: () => import('./b-receiving.js'),
  c: () => import('./c-whole-updates.js'),
  d: () => import('./d-memory.js'),
  e: () => import('./e-not-required.js'),
  f: () => import('./f-credential-share.js'),
  g: () => import('./g-schemes.js'),
  h: () => import('./h-fleet.js'),
  i: () => import('./i-idle-fleet.js'),
};

const USAGE = `Usage: node bench/run.js [--only a,b,c,…] [--quick]

Prints one JSON object a line on standard output; see bench/README.md.
`;

/** @param {readonly string[]} words */
const readArguments = (words) => {
  const rest = [...words];
  let only = Object.keys(BENCHES);
  let quick = false;
  while (rest.length > 0) {
    const word = rest.shift();
    if (word === '--quick') quick = true;
    else if (word === '--only') only = (rest.shift() ?? '').split(',');
    else return undefined;
  }
  return only.every((letter) => letter in BENCHES) ? { only, quick } : undefined;
};

const cleanUp = () => {
  killChildren();
  removeDirectories();
};

for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
  process.once(signal, () => {
    cleanUp();
    process.exit(130);
  });
}
process.once('exit', cleanUp);

const selection = readArguments(process.argv.slice(2));
if (selection === undefined) {
  process.stderr.write(USAGE);
  process.exit(2);
}
for (const letter of selection.only) {
  const started = performance.now();
  const bench = await BENCHES[letter]?.();
  progress(`(${letter})`);
  await bench?.run({ quick: selection.quick });
  progress(`(${letter}) took ${((performance.now() - started) / 1_000).toFixed(0)} s`);
}
