import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
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
    const files = readdirSync(join(EXAMPLES, name)).filter((each) => each.endsWith('.test.js'));
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
