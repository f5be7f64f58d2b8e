import type { CancellationCode } from '@postern/core';
import { PosternError } from '@postern/core';

/** What a service or listener refuses with, beside the codes of the contracts' codec. */
export const serviceCatalogue = {
  'envelope-invalid': 'The document is no SOAP envelope with exactly one element in its body.',
  'version-mismatch':
    'The envelope belongs to neither SOAP 1.1 nor 1.2, or not to the version of the content type.',
  'header-not-understood': 'A header block must be understood, and this service understands none.',
  'operation-unknown': 'The element in the body names no operation of this contract.',
  'soap-action-mismatch': 'SOAPAction (or the action parameter) names another operation than the body.',
  'not-authorised': 'The peer may not call this operation, or its identity is not known.',
  'internal-error': 'The service failed; its log says why.',
  'body-too-large': 'The request body, or what it decompresses to, is longer than the limit.',
  'content-type-unsupported': 'The content type is neither text/xml nor application/soap+xml in UTF-8.',
  'content-encoding-unsupported': 'The content encoding is none of identity, gzip and deflate.',
  'content-encoding-broken': 'The body is not what its content encoding says.',
  'request-timeout': 'The request body did not arrive in time.',
  'method-not-allowed': 'SOAP is spoken with POST.',
  'not-found': 'No service has this path.',
  'host-invalid': 'The Host header is no host name.',
} as const;

/** Codes a service or listener refuses with. */
export type ServiceCode = keyof typeof serviceCatalogue;

/** What opening a listener can fail with. */
export const listenerCatalogue = {
  'listen-failed': 'The address cannot be listened on; the cause says why.',
} as const;

/** Codes opening a listener can fail with. */
export type ListenerCode = keyof typeof listenerCatalogue;

/** What nobody is told: it only ends the work on a request. */
export const internalCatalogue = {
  'request-aborted': 'The client went away before its request was complete.',
} as const;

/** Codes that stay inside the listener. */
export type InternalCode = keyof typeof internalCatalogue;

/** What is wrong with the content of a mail, beside its S/MIME. */
export const mailCatalogue = {
  'mail-content-invalid':
    'What a mail carries is not requests as they go down by mail, or carries more than them.',
} as const;

export type MailCode = keyof typeof mailCatalogue;

/** What a call can fail with on this side, beside a {@link RemoteFault} and the codec's codes for the request. */
export const clientCatalogue = {
  unreachable: 'No connection could be opened.',
  'connection-lost':
    'The connection ended before the answer was complete; whether the call took effect is unknown.',
  'tls-refused': 'One side refused the other: certificate, trust or identity. The cause says which.',
  'response-invalid': 'The answer is not what the contract says.',
  'response-too-large': 'The answer is longer than the limit.',
  'soap-fault': 'The other side answered with a fault that carries no code of ours.',
  'deadline-exceeded': 'The answer did not come in time.',
  cancelled: 'The caller gave up.',
} as const;

/** Codes a call can fail with on this side. */
export type ClientCode = keyof typeof clientCatalogue | CancellationCode;

/** Which party the fault blames (SOAP 1.1 §4.4.1, SOAP 1.2 part 1 §5.4.6). */
export type FaultKind = 'client' | 'server' | 'version-mismatch' | 'must-understand';

/** A fault the other side answered with. Its code is the other side's, or `soap-fault`. */
export class RemoteFault extends PosternError {
  /** Tells it from an error of this side with the same code, across realms. */
  readonly remote = true;
  readonly kind: FaultKind;
  /** HTTP status. */
  readonly status: number;

  constructor(
    code: string,
    message: string,
    options: { readonly kind: FaultKind; readonly status: number; readonly hint?: string },
  ) {
    super(code, message, options.hint === undefined ? {} : { hint: options.hint });
    this.kind = options.kind;
    this.status = options.status;
  }
}

/** Whether an error is a fault the other side answered with. */
export const isRemoteFault = (error: unknown): error is RemoteFault =>
  typeof error === 'object' && error !== null && 'remote' in error && error.remote === true;
