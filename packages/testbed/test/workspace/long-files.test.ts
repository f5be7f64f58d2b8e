import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ROOT } from '../support/root.ts';

it('the test files that are begun first exist', () => {
  const list = readFileSync(join(ROOT, 'packages/testbed/tooling/long-files.json'), 'utf8');
  const files = JSON.parse(list) as readonly string[];
  expect(files).not.toHaveLength(0);
  expect(files.filter((file) => !existsSync(join(ROOT, file)))).toEqual([]);
});
