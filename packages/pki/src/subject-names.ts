import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { type NodeIdentity, parseIdentity, toUri } from '@postern/core';
import { pkiError } from './errors.ts';

/** Host names to certify beside the identity, for clients of other vendors that check them. */
export interface HostNames {
  readonly dnsNames?: readonly string[];
  /** IPv4 or IPv6. */
  readonly addresses?: readonly string[];
}

/** RFC 1123 §2.1, with a wildcard as the first label. */
const DNS_NAME = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i;

/**
 * The subject alternative names (RFC 5280 §4.2.1.6) of a node's certificate: its URI first.
 *
 * @throws PosternError `host-name-invalid`, `identity-invalid`
 */
export const subjectNames = (
  identity: NodeIdentity,
  { dnsNames = [], addresses = [] }: HostNames,
): { type: 'url' | 'dns' | 'ip'; value: string }[] => {
  const uri = toUri(identity);
  parseIdentity(uri);
  const bad =
    dnsNames.find((name) => !DNS_NAME.test(name)) ?? addresses.find((address) => isIP(address) === 0);
  if (bad !== undefined) {
    throw pkiError('host-name-invalid', `Not a DNS name or address: ${JSON.stringify(bad.slice(0, 80))}`);
  }
  return [
    { type: 'url', value: uri },
    ...dnsNames.map((value) => ({ type: 'dns' as const, value })),
    ...addresses.map((value) => ({ type: 'ip' as const, value })),
  ];
};

/** Whether a certificate names all of these hosts. */
export const namesHosts = (certificatePem: string, { dnsNames = [], addresses = [] }: HostNames): boolean => {
  const certificate = new X509Certificate(certificatePem);
  return (
    dnsNames.every((name) => certificate.checkHost(name, { subject: 'never' }) !== undefined) &&
    addresses.every((address) => certificate.checkIP(address) !== undefined)
  );
};

/**
 * Reads the one node identity out of Node's text form of the subject alternative names (`URI:urn:postern:…, DNS:…`).
 * Names that Node had to quote because they hold separators could be mistaken for others (CVE-2021-44532), and our CA
 * issues none: a certificate with one, or with two identities, has no identity.
 */
export const identityFromSubjectNames = (text: string | undefined): NodeIdentity | undefined => {
  if (text === undefined || text.includes('"')) return undefined;
  const uris = text.split(', ').filter((name) => name.startsWith('URI:urn:postern:'));
  const [uri] = uris;
  if (uri === undefined || uris.length > 1) return undefined;
  try {
    return parseIdentity(uri.slice('URI:'.length));
  } catch {
    return undefined;
  }
};
