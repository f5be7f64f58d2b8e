import { errorCode, errorMessage } from '@postern/core';

/** An error as users are told of it. */
export interface ErrorDescription {
  readonly code: string;
  readonly message: string;
  /** What to do next. */
  readonly hint?: string;
}

export const describeError = (error: unknown): ErrorDescription => {
  const hint = hintOf(error);
  return {
    code: errorCode(error, 'internal-error'),
    message: errorMessage(error),
    ...(hint === undefined ? {} : { hint }),
  };
};

/** Says on standard error what went wrong and what to do next. Returns the exit code. */
export const reportError = (error: unknown): number => {
  const { code, message, hint } = describeError(error);
  if (code === 'cancelled') return 130;
  process.stderr.write(`postern: ${message} (${code})\n`);
  if (hint !== undefined) process.stderr.write(`  ${hint}\n`);
  if (code === 'internal-error' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return 1;
};

const hintOf = (error: unknown): string | undefined => {
  if (typeof error !== 'object' || error === null || !('hint' in error)) return undefined;
  return typeof error.hint === 'string' ? error.hint : undefined;
};
