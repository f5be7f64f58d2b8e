// Lists of Debian packages (*-packages.txt): one a line, `#` begins a comment.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export const packageList = (suite) =>
  readFileSync(new URL(`${suite}-packages.txt`, import.meta.url), 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((name) => name !== '');

/** Elsewhere than on Debian each test says itself which program it lacks. */
export const isMissing = (name) => {
  const { error, stdout } = spawnSync('dpkg-query', ['--status', name], { encoding: 'utf8' });
  return error === undefined && !/^Status: .* installed$/m.test(stdout);
};

export const installCommand = (names) => ['apt-get', 'install', '--no-install-recommends', ...names];
