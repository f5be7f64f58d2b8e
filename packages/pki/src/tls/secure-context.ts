import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { EnrolledNode, TrustAnchor } from '../enrolled-node.ts';

/** The oldest protocol version spoken; older ones are broken (RFC 8996). */
const OLDEST_VERSION = 'TLSv1.2';

/** Key, certificate and trust of a node as options of node:tls: our CA only, never the system's. */
export const credentialOptions = (
  node: EnrolledNode | TrustAnchor,
  crlPem: string | undefined,
): SecureContextOptions => ({
  minVersion: OLDEST_VERSION,
  ca: node.caPem,
  ...('privateKeyPem' in node ? { key: node.privateKeyPem, cert: node.certificatePem } : {}),
  ...(crlPem === undefined ? {} : { crl: crlPem }),
});

const contexts = new WeakMap<TrustAnchor, { crlPem: string | undefined; context: SecureContext }>();

/**
 * The node's TLS context, made once and shared by all its outgoing connections. A new revocation list replaces it.
 *
 * @param node the same object gives the same context
 */
export const secureContext = (node: EnrolledNode | TrustAnchor, crlPem?: string): SecureContext => {
  const held = contexts.get(node);
  if (held !== undefined && held.crlPem === crlPem) return held.context;
  const context = createSecureContext(credentialOptions(node, crlPem));
  contexts.set(node, { crlPem, context });
  return context;
};
