import { PosternError } from '@postern/core';

/** What the codes of this package mean. */
export const TESTBED_ERRORS = {
  'capture-too-long': 'A download to rewrite is longer than the tampering proxy holds.',
  'connection-cut': 'A rule of the tampering proxy cut the connection here.',
  'control-line-too-long': 'A control connection sent a line longer than FTP allows.',
  'listen-failed': 'A testbed component cannot listen on its address.',
} as const satisfies Record<string, string>;

export type TestbedCode = keyof typeof TESTBED_ERRORS;

export const testbedError = (
  code: TestbedCode,
  message: string,
  cause?: unknown,
): PosternError<TestbedCode> => new PosternError(code, message, { cause, hint: TESTBED_ERRORS[code] });
