// Writes docs/spec.md and docs/errors.md from the sources. Run after a build, from anywhere: `npm run spec`.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { specRows } from '@postern/contracts';
import { errorPage, readWorkspace, specCoverage, specPage } from '../dist/workspace/index.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const packages = readWorkspace(root);

writeFileSync(`${root}docs/spec.md`, specPage(specRows, specCoverage(packages)));
writeFileSync(`${root}docs/errors.md`, errorPage(packages));
