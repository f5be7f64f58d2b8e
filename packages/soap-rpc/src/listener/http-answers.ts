import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorCode, errorMessage } from '@postern/core';
import { parseContentType } from '../envelope/soap-version.ts';
import type { ServiceCode } from '../errors.ts';
import { faultResponse } from '../service/faults.ts';
import type { SoapResponse } from '../service/service-types.ts';

/** HTTP status of what the listener itself refuses. */
const STATUS: Partial<Record<ServiceCode, number>> = {
  'host-invalid': 400,
  'content-encoding-broken': 400,
  'not-authorised': 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'request-timeout': 408,
  'body-too-large': 413,
  'content-type-unsupported': 415,
  'content-encoding-unsupported': 415,
};

/** The answer to a request that reached no service: a fault in the version of its content type. */
export const refusalAnswer = (request: IncomingMessage, error: unknown): SoapResponse => {
  const code = errorCode(error, 'internal-error' satisfies ServiceCode);
  const status = STATUS[code as ServiceCode] ?? 500;
  const version = parseContentType(request.headers['content-type'])?.version ?? '1.1';
  const kind = status === 500 ? 'server' : 'client';
  return faultResponse(version, { kind, code, message: errorMessage(error) }, status);
};

/**
 * Sends an answer. Does nothing when the client is gone. Node writes head and body at once when the body is text.
 *
 * @param headers further ones: name, value, name, value …
 */
export const send = (
  response: ServerResponse,
  { status, contentType, body }: SoapResponse,
  headers: readonly string[] = [],
): void => {
  if (response.destroyed || response.headersSent) return;
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, ['content-type', contentType, 'content-length', length, ...headers]);
  response.end(body);
};
