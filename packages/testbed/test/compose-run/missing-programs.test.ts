import { spawnSync } from 'node:child_process';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '../support/afterwards.ts';
import { ROOT } from '../support/root.ts';

/** On a machine that has nothing but an apt-get, which notes what it is asked for. */
const testCompose = async (...options: readonly string[]) => {
  const directory = await temporaryDirectory();
  const log = join(directory, 'log');
  await writeFile(log, '');
  await writeFile(join(directory, 'apt-get'), `#!/bin/sh\necho "$*" >>"${log}"\n`);
  await chmod(join(directory, 'apt-get'), 0o755);
  const tool = join(ROOT, 'packages/testbed/tooling/compose.js');
  const { status, stderr } = spawnSync(process.execPath, [tool, ...options], {
    encoding: 'utf8',
    env: { PATH: directory, TMPDIR: directory },
    timeout: 30_000,
  });
  return { status, stderr, asked: await readFile(log, 'utf8') };
};

test('a machine without docker is told what is missing, and how to get it', async () => {
  const { status, stderr, asked } = await testCompose();
  expect(status).toBe(1);
  expect(stderr).toMatch(/^Missing: docker, docker compose \(v2\) or docker-compose \(1\.29\)\./m);
  expect(stderr).toMatch(/apt-get install --no-install-recommends .*docker\.io/);
  expect(stderr).toContain('npm run test:compose -- --install');
  expect(asked).toBe('');
}, 40_000);

test('--install asks apt-get for it, as root alone', async () => {
  const { status, stderr, asked } = await testCompose('--install');
  expect(status).toBe(1);
  if (process.getuid?.() === 0) {
    expect(asked).toMatch(/^update .*\ninstall .*docker\.io docker-compose/);
    expect(stderr).toContain('Missing: ');
  } else {
    expect(asked).toBe('');
    expect(stderr).toContain('--install runs apt-get, which only root may');
  }
}, 40_000);
