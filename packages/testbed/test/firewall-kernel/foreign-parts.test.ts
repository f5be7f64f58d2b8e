import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { ROOT } from '../support/root.ts';

/** Programs of another vendor are started in the namespaces, as the page of the harness says. */
test.each(['foreign-intermediary', 'foreign-server'])(
  '%s: the example runs in namespaces',
  async (name) => {
    const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, ...env } = process.env;
    const file = join(ROOT, 'examples', 'harness-foreign-parts', `${name}.test.js`);
    const { stdout } = await promisify(execFile)(process.execPath, ['--test', file], {
      env: { ...env, EXAMPLE_RUN: 'namespaces' },
    });
    expect(stdout).toMatch(/^. pass 1$/m);
    expect(stdout).toMatch(/^. fail 0$/m);
  },
  120_000,
);
