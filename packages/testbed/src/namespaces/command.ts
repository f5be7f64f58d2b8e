import { spawnSync } from 'node:child_process';
import { Seconds } from '@postern/core';
import { testbedError } from '../errors.ts';

/** How long a program that asks or tells the kernel may take. */
const LIMIT = Seconds(10);
/** Far more than any of them prints. */
const MOST_BYTES = 4 * 1_024 * 1_024;

/** Where Debian keeps these programs; the path of an ordinary user lacks the second half. */
export const PATH = `${process.env['PATH'] ?? '/usr/bin:/bin'}:/usr/sbin:/sbin`;

export interface CommandEnd {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program to its end, however that is. */
export const tryCommand = ([program = '', ...argv]: readonly string[], input = ''): CommandEnd => {
  const { status, stdout, stderr, error } = spawnSync(program, argv, {
    input,
    encoding: 'utf8',
    timeout: LIMIT,
    killSignal: 'SIGKILL',
    maxBuffer: MOST_BYTES,
    env: { ...process.env, PATH },
  });
  return { status, stdout, stderr: error === undefined ? stderr : error.message };
};

/**
 * Runs a program that must succeed. It blocks this process for the milliseconds that it takes, so that what comes next in
 * a test finds the network changed.
 *
 * @returns its standard output
 * @throws PosternError `network-command-failed`
 */
export const runCommand = (command: readonly string[], input?: string): string => {
  const { status, stdout, stderr } = tryCommand(command, input);
  if (status === 0) return stdout;
  const said = stderr.trim().slice(0, 2_000);
  throw testbedError('network-command-failed', `"${command.join(' ')}" failed (${status}): ${said}`);
};
