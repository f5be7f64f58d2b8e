import { PosternError } from '@postern/core';

/** What the command's own refusals mean and what to do next. */
export const CLI_ERRORS = {
  'component-invalid': 'Write NAME:VERSION:COUNTER:FILE, e.g. firmware:2.0.0:7:build/firmware.bin.',
  'config-invalid': 'See `--help` and the README of the package for the keys.',
  'config-unreadable': 'Check the path and the permissions of the configuration file.',
  'default-image-missing': 'Name a firmware image with --image FILE.',
  'file-exists': 'Choose another name: a vendor key is never overwritten.',
  'file-unreadable': 'Check the path and the permissions of the file.',
  'image-empty': 'An image has at least one byte.',
  'key-unusable': 'Make a key with `postern software keygen`.',
  'software-not-registered': 'See `postern software list`.',
} as const satisfies Record<string, string>;

export type CliCode = keyof typeof CLI_ERRORS;

/** An error of this package, with its catalogue text as the hint. */
export const cliError = (code: CliCode, message: string, cause?: unknown): PosternError<CliCode> =>
  new PosternError(code, message, { cause, hint: CLI_ERRORS[code] });
