import { afterEach, beforeEach, jest } from '@jest/globals';
import { run } from '../../src/main.ts';

/** What the last command has printed. */
export interface CommandLine {
  readonly output: readonly string[];
  readonly errors: readonly string[];
  /** Carries a command out. @returns its exit code */
  postern(...argv: readonly string[]): Promise<number>;
  /** The last of the output, which is JSON. */
  printed<T = Record<string, unknown>>(): T;
}

/** Catches what commands print in each test of the file. */
export const commandLine = (): CommandLine => {
  const output: string[] = [];
  const errors: string[] = [];
  beforeEach(() => {
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => output.push(String(text)) > 0);
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => errors.push(String(text)) > 0);
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.exitCode = 0;
  });
  return {
    output,
    errors,
    postern: async (...argv) => {
      process.exitCode = 0;
      output.length = 0;
      errors.length = 0;
      await run(['node', 'postern', ...argv]);
      return Number(process.exitCode ?? 0);
    },
    printed: () => JSON.parse(output.at(-1) ?? ''),
  };
};
