import { errorCode, errorMessage, type Logger } from '@postern/core';
import type { UpdateErrorCode } from '@postern/software-update';
import { STORAGE_ERRORS, type StorageCode } from '@postern/storage';
import { SERVER_ERRORS, type ServerCode } from '../errors.ts';

/** A refusal as JSON (application/problem+json, RFC 9457; `code` is for programs, the rest for people). */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/** The HTTP status of every code that leaves this server. Others are failures of ours: 500, without their message. */
const STATUS: Partial<Record<ServerCode | StorageCode | UpdateErrorCode, number>> = {
  'request-invalid': 400,
  'json-malformed': 400,
  'digest-invalid': 400,
  'image-empty': 400,
  'length-mismatch': 400,
  'token-required': 401,
  'not-authorised': 403,
  'not-found': 404,
  'image-missing': 404,
  'device-unknown': 404,
  'software-unknown': 404,
  'update-unknown': 404,
  'intermediary-unknown': 404,
  'request-unknown': 404,
  'order-unknown': 404,
  'notice-unknown': 404,
  'method-not-allowed': 405,
  'update-already-open': 409,
  'update-finished': 409,
  'request-taken': 409,
  'call-not-open': 409,
  'device-not-active': 409,
  'software-conflict': 409,
  'image-busy': 409,
  'length-required': 411,
  'body-too-large': 413,
  'content-type-unsupported': 415,
  'digest-mismatch': 422,
  'image-length-mismatch': 422,
  'manifest-malformed': 422,
  'manifest-signature-invalid': 422,
  'manifest-expired': 422,
  'wrong-model': 422,
  'scheme-not-allowed': 422,
  'key-rotation-invalid': 422,
  'idempotency-key-reused': 422,
  'target-unsuitable': 422,
  'selection-empty': 422,
  'mail-not-configured': 422,
  'too-many-targets': 422,
  'too-many-failed-tries': 429,
  'too-many-requests': 429,
  'too-many-watchers': 503,
  'storage-full': 507,
};

const INTERNAL = 500;

/** The HTTP status of a code; 500 of one that does not leave this server. */
export const statusOf = (code: string): number =>
  (Object.hasOwn(STATUS, code) ? STATUS[code as keyof typeof STATUS] : undefined) ?? INTERNAL;

/** What to answer to `error`, and with which status. What nobody expected is logged here and not shown. */
export const problemOf = (
  error: unknown,
  logger: Logger,
): { readonly status: number; readonly problem: Problem } => {
  const code = errorCode(error, 'internal-error');
  const status = statusOf(code);
  if (status === INTERNAL) {
    logger.error('A request failed unexpectedly', { code, error: errorMessage(error) });
    const message = 'The server failed';
    return {
      status,
      problem: { code: 'internal-error', message, hint: SERVER_ERRORS['internal-error'] },
    };
  }
  const hint = hintOf(error, code);
  return { status, problem: { code, message: errorMessage(error), ...(hint === undefined ? {} : { hint }) } };
};

const hintOf = (error: unknown, code: string): string | undefined => {
  if (typeof error === 'object' && error !== null && 'hint' in error && typeof error.hint === 'string') {
    return error.hint;
  }
  return Object.hasOwn(STORAGE_ERRORS, code) ? STORAGE_ERRORS[code as StorageCode] : undefined;
};
