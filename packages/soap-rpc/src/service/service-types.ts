import type { OperationMap, XmlLimits } from '@postern/contracts';
import type { Logger, NodeIdentity } from '@postern/core';

/** A message as a transport received it, whole and decompressed. */
export interface SoapRequest {
  readonly contentType: string | undefined;
  /** The SOAPAction header. */
  readonly soapAction: string | undefined;
  readonly body: Uint8Array;
  /** Who the transport proved the peer to be. */
  readonly peer: NodeIdentity | undefined;
  readonly remoteAddress: string;
  /** Aborts when nobody waits for the answer any more. May be made on first use. */
  readonly signal: AbortSignal;
}

/** The answer, with its HTTP status. */
export interface SoapResponse {
  readonly status: number;
  readonly contentType: string;
  /** To be sent in UTF-8. */
  readonly body: string;
}

/** What a handler knows about the call it answers. */
export interface CallContext {
  readonly peer: NodeIdentity | undefined;
  readonly remoteAddress: string;
  /** Aborts when the client goes away or the listener closes. */
  readonly signal: AbortSignal;
  readonly operation: string;
}

/** One function for each operation. A handler refuses by throwing a PosternError. */
export type SoapHandlers<O extends OperationMap<O>> = {
  readonly [K in keyof O]: (request: O[K]['request'], context: CallContext) => Promise<O[K]['response']>;
};

export interface SoapServiceOptions {
  readonly logger: Logger;
  /**
   * Whether the peer may call the operation; asked before the request is read.
   *
   * @throws PosternError, by convention `not-authorised`, which is answered with HTTP 403
   */
  readonly authorize?: (peer: NodeIdentity | undefined, operation: string) => void;
  /** Which of the handlers' codes blame the caller (fault code Client); all others blame the service. */
  readonly clientCodes?: (code: string) => boolean;
  readonly xmlLimits?: XmlLimits;
}

/** A contract being served, whatever the transport. */
export interface SoapService {
  /** Name of the contract's WSDL file. */
  readonly file: string;
  /** Never rejects: whatever goes wrong is a fault in the answer. */
  handle(request: SoapRequest): Promise<SoapResponse>;
}
