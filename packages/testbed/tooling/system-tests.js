// Runs the tests of one folder that need Debian packages (packages/*/test/SUITE) after a build: `npm run test:interop`,
// `npm run test:firewall`. Arguments after the suite go to jest. Where a package of SUITE-packages.txt is missing nothing
// is run: the tests must not look as if they had passed.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { installCommand, isMissing, packageList } from './package-list.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const [suite, ...toJest] = process.argv.slice(2);
if (suite === undefined) throw new Error('Usage: system-tests.js <suite> [arguments of jest]');
const missing = packageList(suite).filter(isMissing);
if (missing.length > 0) {
  console.error(`Missing for the tests of ${suite}: ${missing.join(', ')}. Install with\n`);
  console.error(`  ${installCommand(missing).join(' ')}\n`);
  process.exit(1);
}

/** An ordinary user has a network of his own to change, where the system lets him. */
const launch = suite === 'firewall-kernel' && process.getuid?.() !== 0 ? ['unshare', '-Urnm', '--'] : [];
const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
// The default patterns leave these tests out.
const patterns = [
  ...['--testPathIgnorePatterns', '/node_modules/', '/dist/'],
  ...['--testPathPatterns', `/test/${suite}/`],
];
const [program, ...argv] = [...launch, process.execPath, ...jest, ...toJest, ...patterns];
const { status } = spawnSync(program, argv, { cwd: root, stdio: 'inherit' });
process.exit(status ?? 1);
