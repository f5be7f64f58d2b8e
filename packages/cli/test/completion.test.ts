import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { completionScript, SHELLS } from '../src/completion/scripts.ts';
import { vocabularyOf } from '../src/completion/vocabulary.ts';
import { createProgram } from '../src/main.ts';

const vocabulary = vocabularyOf(createProgram());
let directory = '';

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'postern-completion-'));
  mkdirSync(join(directory, 'inner'));
  writeFileSync(join(directory, 'image.bin'), '');
  for (const shell of SHELLS) writeFileSync(join(directory, shell), completionScript(shell, vocabulary));
});
afterAll(() => rmSync(directory, { recursive: true }));

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).status === 0;

/** What bash offers after these words, the last of which is being written. */
const offered = (...words: readonly string[]): readonly string[] => {
  const program = `source ./bash
    COMP_WORDS=(postern "$@")
    COMP_CWORD=${words.length}
    _postern
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', program, 'bash', ...words], {
    cwd: directory,
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((word) => word !== '');
};

describe('in bash', () => {
  test.each<[string[], string[]]>([
    [['up'], ['update']],
    [['update', 'o'], ['order']],
    [
      ['site', 'files', ''],
      ['pull', 'push', 'help'],
    ],
    [['update', 'order', '--dev'], ['--device']],
    [
      ['update', 'order', '--eraser', ''],
      ['updater', 'target'],
    ],
    [
      ['update', 'order', '--device', 'list', '--bulk-path', 'ftps'],
      ['ftps-explicit', 'ftps-implicit'],
    ],
    [['server', '--log-level', 'd'], ['debug']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['software', 'import', 'im'], ['image.bin']],
    [['pki', 'init', '--ca', 'i'], ['inner']],
    [['update', 'order', '--device', ''], []],
    [['request', 'get-cou'], ['get-counters']],
    [['intermediary', '--laun'], []],
  ])('postern %j is completed', (words, expected) => {
    expect([...offered(...words)].sort()).toEqual([...expected].sort());
  });
});

test('scripts name every command and option, and nothing hidden', () => {
  for (const shell of SHELLS) {
    const script = completionScript(shell, vocabulary);
    for (const { path, commands } of vocabulary) {
      for (const { name } of commands) expect(script).toContain(name);
      expect(script).toContain(path);
    }
    expect(script).not.toContain('launched');
  }
});

test.each(SHELLS.filter(has))('%s finds no mistake in its script', (shell) => {
  const { status, stderr } = spawnSync(shell, ['-n', join(directory, shell)], { encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});
