import { PosternError } from '@postern/core';
import { defaultListenerLimits } from './limits.ts';
import type { SoapEndpointOptions } from './listener-options.ts';
import { createRequestHandler, type Handle } from './request-handler.ts';

/** Services on an HTTP server that somebody else owns. */
export interface SoapEndpoint {
  /** Answers a request whose body nobody has read. */
  readonly handle: Handle;
  /** Aborts calls that are held; further answers end their connections. */
  close(): void;
}

/**
 * Offers services on a server that has other things to offer, too. Limits of bodies and of requests are kept here, those
 * of connections and headers are the server's.
 */
export const createSoapEndpoint = (options: SoapEndpointOptions): SoapEndpoint => {
  const closing = new AbortController();
  return {
    handle: createRequestHandler(options, { ...defaultListenerLimits, ...options.limits }, closing.signal),
    close: () => closing.abort(new PosternError('cancelled', 'The listener closes')),
  };
};
