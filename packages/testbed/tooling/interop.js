// Runs the tests against foreign programs (packages/*/test/interop) after a build: `npm run test:interop`. Arguments go
// to jest. Where a Debian package is missing nothing is run: the tests must not look as if they had passed.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const list = fileURLToPath(new URL('interop-packages.txt', import.meta.url));

const packages = readFileSync(list, 'utf8')
  .split('\n')
  .map((line) => line.replace(/#.*/, '').trim())
  .filter((name) => name !== '');

/** Elsewhere than on Debian each test says itself which program it lacks. */
const isMissing = (name) => {
  const { error, stdout } = spawnSync('dpkg-query', ['--status', name], { encoding: 'utf8' });
  return error === undefined && !/^Status: .* installed$/m.test(stdout);
};

const missing = packages.filter(isMissing);
if (missing.length > 0) {
  console.error(`Missing for the interop tests: ${missing.join(', ')}. Install with\n`);
  console.error(`  apt-get install --no-install-recommends ${missing.join(' ')}\n`);
  process.exit(1);
}

const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
// The default patterns leave these tests out.
const patterns = [
  '--testPathIgnorePatterns',
  '/node_modules/',
  '/dist/',
  '--testPathPatterns',
  '/test/interop/',
];
const { status } = spawnSync(process.execPath, [...jest, ...process.argv.slice(2), ...patterns], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(status ?? 1);
