import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { installPacked, packAll, runIn } from '../packaging/packed-project.ts';

// The harness in a project of somebody else, which has the packages and a test runner. Nothing here depends on vitest but
// this test, so it is installed here, from the registry.
jest.setTimeout(240_000);

const WORKSPACE = fileURLToPath(new URL('../../../../', import.meta.url));
/** The last major that runs on Node 20. */
const VITEST = 'vitest@^3.2.4';

let directory = '';
let project = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-runners-'));
  const there = join(directory, 'project');
  await mkdir(there);
  await writeFile(join(there, 'package.json'), '{ "private": true }\n');
  await promisify(execFile)('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', VITEST], {
    cwd: there,
  });
  project = await installPacked(directory, await packAll(directory));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** The test runners, by the file in examples/harness-runners that docs/testbed.md shows. */
const RUNNERS: Readonly<Record<string, readonly string[]>> = {
  'node-test': ['--test'],
  jest: [
    ...['--experimental-vm-modules', join(WORKSPACE, 'node_modules', 'jest', 'bin', 'jest.js')],
    ...['--transform', '{}', '--runTestsByPath'],
  ],
  vitest: [join('node_modules', 'vitest', 'vitest.mjs'), 'run'],
};

/** Runs the file of a runner in the project, as it is or changed. */
const runFile = async (runner: string, change: (code: string) => string = (code) => code) => {
  const code = await readFile(join(WORKSPACE, 'examples', 'harness-runners', `${runner}.test.js`), 'utf8');
  const file = 'harness.test.js';
  await writeFile(join(project, file), change(code));
  const { code: exit, stdout, stderr } = await runIn(project, ...(RUNNERS[runner] ?? []), file);
  // Some runners colour it, and others do where CI is set.
  return { exit, output: stripVTControlCharacters(`${stdout}\n${stderr}`) };
};

/** One step a line, as people read it. */
const SEQUENCE =
  / s {2}S105 +printer-1 → site-a +one-time password stored .*\n.* s {2}S106 +site-a → printer-1 /;

describe.each(Object.keys(RUNNERS))('in %s', (runner) => {
  test('the form that the page of the harness shows passes', async () => {
    const { exit, output } = await runFile(runner);
    expect(output).toMatch(/pass 1\b|\b1 passed/);
    expect({ exit, output }).toMatchObject({ exit: 0 });
  });

  test('a step that does not come fails it, and the sequence is printed', async () => {
    const { exit, output } = await runFile(runner, (code) =>
      code.replace("{ step: 'S124', subject: id }", "{ step: 'S999', subject: id }, 3_000"),
    );
    expect(exit).not.toBe(0);
    expect(output).toContain('S999');
    expect(output).toMatch(SEQUENCE);
  });

  test('an assertion of the test fails it, and the sequence is printed', async () => {
    const { exit, output } = await runFile(runner, (code) =>
      `import assert from 'node:assert/strict';\n${code}`.replace(
        "await steps.reached({ step: 'S124', subject: id });",
        "assert.equal((await operator.finished(id)).state, 'as I like it');",
      ),
    );
    expect(exit).not.toBe(0);
    expect(output).toContain('as I like it');
    expect(output).toMatch(SEQUENCE);
  });
});
