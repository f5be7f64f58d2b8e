import type { NodeIdentity } from '@postern/core';
import type { SoapService } from '../service/service-types.ts';

/** A request as a transport carries it. */
export interface SoapTransportRequest {
  /** Content-Type and, in SOAP 1.1, SOAPAction; names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Aborts when the caller waits no longer; its reason is the error to reject with. */
  readonly signal: AbortSignal;
}

export interface SoapTransportResponse {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly body: Uint8Array;
}

/** Carries messages to one service. The port under the client: HTTP in production, memory in simulation. */
export interface SoapTransport {
  /** @throws PosternError of `ClientCode` */
  send(request: SoapTransportRequest): Promise<SoapTransportResponse>;
  close(): Promise<void>;
}

/** A transport that hands messages to a service in the same process. */
export const createServiceTransport = (
  service: SoapService,
  caller: { readonly peer: NodeIdentity | undefined; readonly remoteAddress?: string },
): SoapTransport => ({
  send: async ({ headers, body, signal }) => {
    const answer = await service.handle({
      contentType: headers['content-type'],
      soapAction: headers['soapaction'],
      body: Buffer.from(body),
      peer: caller.peer,
      remoteAddress: caller.remoteAddress ?? 'memory',
      signal,
    });
    return { ...answer, body: Buffer.from(answer.body) };
  },
  close: async () => {},
});
