// Exits with 0 when the last line of a demo's JSON output (a file) tells of a verified update.
import { readFileSync } from 'node:fs';

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error('Usage: demo-verified.js <file>');

const last = readFileSync(path, 'utf8').trimEnd().split('\n').at(-1) ?? '';
const { event, state } = JSON.parse(last);
if (event !== 'update-finished' || state !== 'verified') {
  console.error(`The demo ended with event ${event}, state ${state}`);
  process.exitCode = 1;
}
