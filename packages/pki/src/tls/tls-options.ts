import type { ConnectionOptions, TlsOptions } from 'node:tls';
import type { EnrolledNode, TrustAnchor } from '../enrolled-node.ts';
import { type ExpectedPeer, unexpectedPeer } from './peer-identity.ts';
import { credentialOptions, secureContext } from './secure-context.ts';

export interface ServerTlsSettings {
  /**
   * `required`: only clients of our CA come in. `requested`: all are asked for a certificate and all come in; one
   * without, or with one that our CA did not issue or has revoked, proves nothing. `none`: nobody is asked.
   * `peerIdentity` is undefined for whoever proves nothing.
   */
  readonly clientAuthentication: 'required' | 'requested' | 'none';
  /** Refuses the clients on this list. It must be current: an outdated list refuses everybody. */
  readonly crlPem?: string;
}

/**
 * Options for `tls.createServer` and `https.createServer`. To put a new revocation list or certificate into effect on
 * a running server, pass them to its `setSecureContext`; that holds for resumed sessions too.
 *
 * @spec A1 A2
 */
export const serverTlsOptions = (node: EnrolledNode, settings: ServerTlsSettings): TlsOptions => ({
  ...credentialOptions(node, settings.crlPem),
  requestCert: settings.clientAuthentication !== 'none',
  rejectUnauthorized: settings.clientAuthentication === 'required',
});

export interface ClientTlsSettings {
  /**
   * Whom the server has to prove to be. `unauthenticated` accepts any server without proof: only for a path on which
   * the client alone is authenticated.
   */
  readonly expect: ExpectedPeer | 'unauthenticated';
  /** Refuses a server on this list. It must be current. */
  readonly crlPem?: string;
}

/**
 * Options for `tls.connect`, `https.request` and undici's `connect`. The server is recognised by the URI in its
 * certificate, not by its host name: a device has only an address, and a whole site shares one. A client that is only
 * a {@link TrustAnchor} presents no certificate. Validity is judged by the machine's clock, never by a virtual one.
 *
 * @throws in the connection's `error` event: PosternError `identity-unexpected`; OpenSSL's code for an unknown CA,
 *   an expired or a revoked certificate
 * @spec A1 A2 A3
 */
export const clientTlsOptions = (
  node: EnrolledNode | TrustAnchor,
  { expect, crlPem }: ClientTlsSettings,
): ConnectionOptions => ({
  secureContext: secureContext(node, crlPem),
  rejectUnauthorized: expect !== 'unauthenticated',
  checkServerIdentity: (_host, certificate) =>
    expect === 'unauthenticated' ? undefined : unexpectedPeer(certificate.subjectaltname, expect),
});
