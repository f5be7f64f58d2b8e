import type { types } from '@postern/contracts';
import { errorCode, errorMessage } from '@postern/core';

const LONGEST_TEXT = 1_024;
const ERROR_CODE = /^[a-z][a-z0-9-]{0,63}$/;

/** Text for people as a contract carries it: at most 1,024 characters, without what XML 1.0 (§2.2) cannot hold. */
export const wireText = (text: string): types.Text =>
  text
    .slice(0, LONGEST_TEXT)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd');

/** An error's code as a contract carries it; what is no code of ours (Node's, SQLite's) becomes `internal-error`. */
export const wireCode = (code: string): types.ErrorCode => (ERROR_CODE.test(code) ? code : 'internal-error');

/**
 * The failure that tells another node what was thrown here. The message of an unexpected error stays inside: it may
 * hold paths.
 */
export const wireFailure = (error: unknown): types.Failure => {
  const code = wireCode(errorCode(error, 'internal-error'));
  if (code === 'internal-error') return { code, message: 'Something unexpected happened; see the log.' };
  const hint =
    typeof error === 'object' && error !== null && 'hint' in error && typeof error.hint === 'string'
      ? error.hint
      : undefined;
  const message = wireText(errorMessage(error));
  return hint === undefined ? { code, message } : { code, message, hint: wireText(hint) };
};
