import { errorCode, errorMessage } from '@postern/core';

/** Says on standard error what went wrong and what to do next. Returns the exit code. */
export const reportError = (error: unknown): number => {
  const code = errorCode(error, 'internal-error');
  if (code === 'cancelled') return 130;
  process.stderr.write(`postern: ${errorMessage(error)} (${code})\n`);
  const hint = hintOf(error);
  if (hint !== undefined) process.stderr.write(`  ${hint}\n`);
  if (code === 'internal-error' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return 1;
};

const hintOf = (error: unknown): string | undefined => {
  if (typeof error !== 'object' || error === null || !('hint' in error)) return undefined;
  return typeof error.hint === 'string' ? error.hint : undefined;
};
