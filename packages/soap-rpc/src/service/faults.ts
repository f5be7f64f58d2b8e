import { echo } from '@postern/contracts';
import { errorMessage, type Logger, type PosternError } from '@postern/core';
import { HeaderNotUnderstood } from '../envelope/envelope-reader.ts';
import { type FaultContent, writeFault } from '../envelope/envelope-writer.ts';
import { CONTENT_TYPES, type SoapVersion } from '../envelope/soap-version.ts';
import type { ServiceCode } from '../errors.ts';
import type { SoapResponse, SoapServiceOptions } from './service-types.ts';

/** A fault as an HTTP answer (SOAP 1.1 §6.2, SOAP 1.2 part 2 table 20). */
export const faultResponse = (version: SoapVersion, fault: FaultContent, status?: number): SoapResponse => ({
  status: status ?? statusOf(version, fault),
  contentType: CONTENT_TYPES[version],
  body: writeFault(version, fault),
});

const statusOf = (version: SoapVersion, { code, kind }: FaultContent): number => {
  if (code === ('not-authorised' satisfies ServiceCode)) return 403;
  return version === '1.2' && kind === 'client' ? 400 : 500;
};

/** A refusal that blames the client, with one of this package's codes. */
export const refusal = (code: ServiceCode, message: string): FaultContent => ({
  kind: 'client',
  code,
  message,
});

export const contentTypeUnsupported = (contentType: string | undefined): FaultContent =>
  refusal(
    'content-type-unsupported',
    `The content type ${echo(contentType ?? '')} is neither text/xml nor application/soap+xml in UTF-8`,
  );

/** What the request is refused for before any handler saw it. */
export const requestFault = (error: unknown, logger: Logger): FaultContent => {
  if (!isCoded(error)) return unexpected(error, logger, {});
  const kind = error.code === ('version-mismatch' satisfies ServiceCode) ? 'version-mismatch' : 'client';
  const { code, message, hint } = error;
  if (error instanceof HeaderNotUnderstood) {
    return { kind: 'must-understand', code, message, hint, headers: error.headers };
  }
  return { kind, code, message, hint };
};

/** What the handler refused with, or that it failed. */
export const handlerFault = (
  error: unknown,
  operation: string,
  options: SoapServiceOptions,
): FaultContent => {
  if (!isCoded(error)) return unexpected(error, options.logger, { operation });
  const { code, message, hint } = error;
  return { kind: options.clientCodes?.(code) === true ? 'client' : 'server', code, message, hint };
};

/** Errors of ours with a code that fits t:ErrorCode. Node's errors have codes as well, but are not for the peer. */
const isCoded = (error: unknown): error is PosternError =>
  typeof error === 'object' &&
  error !== null &&
  'name' in error &&
  error.name === 'PosternError' &&
  'code' in error &&
  typeof error.code === 'string' &&
  /^[a-z][a-z0-9-]{0,63}$/.test(error.code);

const unexpected = (
  error: unknown,
  logger: Logger,
  fields: Readonly<Record<string, unknown>>,
): FaultContent => {
  const cause = error instanceof Error ? error.cause : undefined;
  logger.error('A SOAP call failed unexpectedly', {
    ...fields,
    error: errorMessage(error),
    ...(cause === undefined ? {} : { cause: errorMessage(cause) }),
  });
  return { kind: 'server', code: 'internal-error' satisfies ServiceCode, message: 'The service failed' };
};
