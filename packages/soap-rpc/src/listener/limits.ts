import { type Duration, Seconds } from '@postern/core';

/** What one listener takes before it refuses. */
export interface ListenerLimits {
  /** Longest request body, compressed and decompressed alike, in bytes. */
  readonly bodyBytes: number;
  /** Longest request line and headers together, in bytes. */
  readonly headerBytes: number;
  /** From opening the connection (TLS handshake included) or the first byte until all headers are here. */
  readonly headersTimeout: Duration;
  /** From the headers until the whole body is here. */
  readonly bodyTimeout: Duration;
  /** How long a connection without a request is kept. */
  readonly idleTimeout: Duration;
  readonly connections: number;
  /** Requests that wait for their answer on one connection; one more cuts it. */
  readonly requestsPerConnection: number;
  /** How long {@link SoapListener.close} waits for answers that are on their way. */
  readonly closeTimeout: Duration;
}

export const defaultListenerLimits: ListenerLimits = {
  bodyBytes: 4 * 1024 * 1024,
  headerBytes: 16 * 1024,
  headersTimeout: Seconds(10),
  bodyTimeout: Seconds(30),
  idleTimeout: Seconds(75),
  connections: 10_000,
  requestsPerConnection: 16,
  closeTimeout: Seconds(5),
};
