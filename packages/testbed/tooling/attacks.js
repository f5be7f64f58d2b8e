// The attack suite: one line an attack and scheme, then a summary. Run after a build, from anywhere: `npm run attacks`.
//   attacks.js [--only NAME] [--scheme a|b|c] [--json] [--page]
// Exits with 1 when an outcome is not the expected one. --page writes docs/attacks.md and attacks nobody.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '@postern/core';
import { attackPage, FAMILIES, lineText, runAttack, SCHEMES, summaryText } from '../dist/attacks/index.js';

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    scheme: { type: 'string' },
    json: { type: 'boolean', default: false },
    page: { type: 'boolean', default: false },
  },
});

if (values.page) {
  const page = fileURLToPath(new URL('../../../docs/attacks.md', import.meta.url));
  writeFileSync(page, attackPage(FAMILIES));
  process.exit(0);
}

const attacks = FAMILIES.flatMap((family) => family.attacks).filter(
  ({ name }) => values.only === undefined || values.only === name,
);
const schemes = SCHEMES.filter((scheme) => values.scheme === undefined || values.scheme === scheme);
if (attacks.length === 0 || schemes.length === 0) {
  console.error(`Nothing to run: no attack is called ${values.only}, or no scheme ${values.scheme}`);
  process.exit(2);
}

const lines = [];
for (const attack of attacks) {
  // One attack on all schemes at a time: they have nothing in common, and most of the time is waiting.
  const results = await Promise.all(schemes.map((scheme) => runAttack(attack, scheme, systemClock)));
  for (const line of results) {
    lines.push(line);
    console.log(values.json ? JSON.stringify(line) : lineText(line));
  }
}
const surprises = lines.filter(({ asExpected }) => !asExpected).length;
if (values.json) console.log(JSON.stringify({ summary: true, runs: lines.length, surprises }));
else console.log(`\n${summaryText(lines)}`);
process.exitCode = surprises === 0 ? 0 : 1;
