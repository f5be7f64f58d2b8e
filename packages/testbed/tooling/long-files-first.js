// The order of jest's test files. A machine that has run them before knows how long each takes; elsewhere jest goes by
// the length of the files, and the longest-running ones are a few lines: a table of attacks, a table of cells.
import { readFileSync } from 'node:fs';
import Sequencer from '@jest/test-sequencer';

/** Those that take more than about ten seconds, the longest first. */
const LONG_FILES = JSON.parse(readFileSync(new URL('long-files.json', import.meta.url), 'utf8'));

const rank = ({ path, duration }) => {
  const at = duration === undefined ? LONG_FILES.findIndex((file) => path.endsWith(`/${file}`)) : -1;
  return at === -1 ? LONG_FILES.length : at;
};

export default class LongFilesFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
}
