import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { ROOT } from '../support/root.ts';

const EXAMPLES = join(ROOT, 'examples');
const names = readdirSync(EXAMPLES).filter((name) => name.startsWith('harness-'));

/** The environment without what tells a test runner that another one has started it. */
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => name !== 'NODE_TEST_CONTEXT' && name !== 'NODE_OPTIONS'),
);

/** They run on what is built, as with whoever installs the package. */
test.each(names)(
  '%s runs by itself',
  async (name) => {
    // Those of other runners are run by the interop tests: packages/cli/test/interop.
    const files = readdirSync(join(EXAMPLES, name)).filter((each) =>
      /(?<!jest|vitest)\.test\.js$/.test(each),
    );
    const paths = files.map((file) => join(EXAMPLES, name, file));
    const call = promisify(execFile)(process.execPath, ['--test', '--test-concurrency=1', ...paths], {
      env: environment,
    });
    const { stdout } = await call;
    expect(stdout).toMatch(/^. fail 0$/m);
    expect(stdout).not.toMatch(/^. pass 0$/m);
  },
  120_000,
);

test.each(['node-test', 'jest', 'vitest'])('docs/testbed.md shows the form of %s as it is run', (runner) => {
  const file = readFileSync(join(EXAMPLES, 'harness-runners', `${runner}.test.js`), 'utf8');
  expect(readFileSync(join(ROOT, 'docs', 'testbed.md'), 'utf8')).toContain(`\n\`\`\`js\n${file}\`\`\`\n`);
});
