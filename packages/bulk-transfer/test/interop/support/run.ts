import { spawn } from 'node:child_process';
import { type Tool, tool } from './tools.ts';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const LIMIT_MS = 30_000;

/** Runs a program to its end; one that hangs is killed. */
export const run = (
  name: Tool,
  args: readonly string[],
  { input = '', env = {} }: { readonly input?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const child = spawn(tool(name), args, {
      env: { PATH: process.env['PATH'], LC_ALL: 'C', ...env },
      timeout: LIMIT_MS,
      killSignal: 'SIGKILL',
    });
    const texts = { stdout: '', stderr: '' };
    child.stdout.on('data', (data) => {
      texts.stdout += String(data);
    });
    child.stderr.on('data', (data) => {
      texts.stderr += String(data);
    });
    child.once('error', reject).once('close', (code) => resolve({ code, ...texts }));
    // A program that needs no input may be gone before it has come.
    child.stdin.on('error', () => {}).end(input);
  });
