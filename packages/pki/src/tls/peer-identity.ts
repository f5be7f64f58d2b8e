import type { TLSSocket } from 'node:tls';
import { type NodeIdentity, type NodeRole, toUri } from '@postern/core';
import { pkiError } from '../errors.ts';
import { identityFromSubjectNames } from '../subject-names.ts';

/** Whom to accept: exactly one node, or any node of a role. */
export type ExpectedPeer = NodeIdentity | { readonly role: NodeRole; readonly name?: undefined };

const known = new WeakMap<TLSSocket, NodeIdentity>();

/**
 * Who the other end has proved to be. Undefined when it sent no certificate, one that our CA did not issue or has
 * revoked, or one that names no node. A client whose session was resumed gets undefined too, because Node no longer has
 * the server's certificate: clients rely on what they expected (`clientTlsOptions`).
 */
export const peerIdentity = (socket: TLSSocket): NodeIdentity | undefined => {
  if (!socket.authorized) return undefined;
  const identity = known.get(socket) ?? identityFromSubjectNames(socket.getPeerCertificate()?.subjectaltname);
  if (identity !== undefined) known.set(socket, identity);
  return identity;
};

/**
 * Why a TLS server turned a client away, for its `tlsClientError` event: OpenSSL's name of the reason
 * (`CERT_REVOKED`, `CERT_HAS_EXPIRED`, …) where there is one, else the error's code.
 */
export const refusalReason = (error: NodeJS.ErrnoException, socket: TLSSocket): string =>
  // Typed as an error, but a string since Node 0.12.
  String(socket.authorizationError ?? error.code ?? 'unknown');

/** What is wrong with a verified peer whose subject alternative names are `names`; undefined when it is expected. */
export const unexpectedPeer = (names: string | undefined, expected: ExpectedPeer): Error | undefined => {
  const found = identityFromSubjectNames(names);
  if (
    found !== undefined &&
    found.role === expected.role &&
    (expected.name === undefined || found.name === expected.name)
  ) {
    return undefined;
  }
  const wanted = expected.name === undefined ? `a node of role ${expected.role}` : toUri(expected);
  const actual = found === undefined ? 'a certificate that names no node' : toUri(found);
  return pkiError('identity-unexpected', `Expected ${wanted}, met ${actual}`, {
    hint: 'Check the address that was called, and which bundle the node at it uses.',
  });
};
