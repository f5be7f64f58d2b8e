import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { basename, join } from 'node:path';
import { type Clock, Instant, type NodeIdentity } from '@postern/core';
import { pkiError } from './errors.ts';
import { readPrivateText, readText } from './private-files.ts';
import { identityFromSubjectNames } from './subject-names.ts';

/** A CA certificate to trust: what a node without a certificate of its own needs for TLS. */
export interface TrustAnchor {
  readonly caPem: string;
}

/** A node with a certificate: who it is, and what it needs to prove it. */
export interface EnrolledNode extends TrustAnchor {
  readonly identity: NodeIdentity;
  readonly certificatePem: string;
  /** PKCS #8. Secret. */
  readonly privateKeyPem: string;
  /** End of the certificate's validity. */
  readonly notAfter: Instant;
  /** Of the certificate, lower-case hexadecimal digits. */
  readonly serial: string;
}

export interface BundlePaths {
  readonly ca: string;
  readonly certificate: string;
  readonly key: string;
}

/** The bundle's files (see certs/README.md). */
export const bundlePaths = (directory: string): BundlePaths => ({
  ca: join(directory, 'ca.pem'),
  certificate: join(directory, 'node.pem'),
  key: join(directory, 'node.key'),
});

/** Of the node's mail identity, in the same bundle. */
export const mailBundlePaths = (directory: string): BundlePaths => ({
  ca: join(directory, 'ca.pem'),
  certificate: join(directory, 'mail.pem'),
  key: join(directory, 'mail.key'),
});

/**
 * Loads a node's identity bundle and checks that its parts belong together.
 *
 * @throws PosternError `identity-missing`, `identity-damaged`, `key-too-open`, `certificate-expired`,
 *   `certificate-not-yet-valid`
 */
export const openNodeIdentity = async (options: {
  directory: string;
  clock: Clock;
  /** Told that the certificate is not valid now, instead of a refusal: for a node whose own clock is not the judge. */
  onInvalid?: ((error: unknown) => void) | undefined;
}): Promise<EnrolledNode> => openBundle(bundlePaths(options.directory), options.clock, options.onInvalid);

/** {@link openNodeIdentity} of files that are named. */
export const openBundle = async (
  paths: BundlePaths,
  clock: Clock,
  onInvalid?: (error: unknown) => void,
): Promise<EnrolledNode> => {
  const present = (text: string | undefined, path: string): string => {
    if (text !== undefined) return text;
    const names = [paths.ca, paths.certificate, paths.key].map((file) => basename(file)).join(', ');
    throw pkiError('identity-missing', `${path} does not exist`, {
      hint: `Enrol the node: copy the files of its bundle (${names}) into this directory.`,
    });
  };
  const node = parseBundle({
    caPem: present(await readText(paths.ca), paths.ca),
    certificatePem: present(await readText(paths.certificate), paths.certificate),
    privateKeyPem: present(await readPrivateText(paths.key), paths.key),
  });
  try {
    checkValidity(node, clock.now());
  } catch (error) {
    if (onInvalid === undefined) throw error;
    onInvalid(error);
  }
  return node.node;
};

type Bundle = Pick<EnrolledNode, 'caPem' | 'certificatePem' | 'privateKeyPem'>;

const parseBundle = (bundle: Bundle): { node: EnrolledNode; notBefore: Instant } => {
  const { certificate, belongsTogether } = readBundle(bundle);
  const identity = identityFromSubjectNames(certificate.subjectAltName);
  if (!belongsTogether || identity === undefined) {
    throw damaged('Certificate, private key and CA certificate do not belong together or name no node');
  }
  return {
    notBefore: Instant(Date.parse(certificate.validFrom)),
    node: {
      ...bundle,
      identity,
      notAfter: Instant(Date.parse(certificate.validTo)),
      serial: certificate.serialNumber.toLowerCase(),
    },
  };
};

const readBundle = (bundle: Bundle): { certificate: X509Certificate; belongsTogether: boolean } => {
  try {
    const certificate = new X509Certificate(bundle.certificatePem);
    const belongsTogether =
      certificate.checkPrivateKey(createPrivateKey(bundle.privateKeyPem)) &&
      certificate.verify(publicKeyOf(bundle.caPem));
    return { certificate, belongsTogether };
  } catch {
    // Without a cause: the errors of a key that cannot be read may quote it.
    throw damaged('Certificate, private key or CA certificate cannot be read');
  }
};

/** The latest CA: the nodes of a process have one, and reading it is a good part of opening a bundle. */
let latest: { readonly caPem: string; readonly publicKey: KeyObject } | undefined;

const publicKeyOf = (caPem: string): KeyObject => {
  if (latest?.caPem !== caPem) latest = { caPem, publicKey: new X509Certificate(caPem).publicKey };
  return latest.publicKey;
};

const damaged = (message: string): Error =>
  pkiError('identity-damaged', message, { hint: "Copy all three files of the node's bundle again." });

const checkValidity = (
  { node, notBefore }: { node: EnrolledNode; notBefore: Instant },
  now: Instant,
): void => {
  if (now >= node.notAfter) {
    throw pkiError('certificate-expired', `The certificate of ${node.identity.name} has expired`, {
      hint: 'Issue a new certificate for the node, or correct its clock.',
    });
  }
  if (now < notBefore) {
    throw pkiError('certificate-not-yet-valid', `The certificate of ${node.identity.name} is not valid yet`, {
      hint: "Correct the node's clock.",
    });
  }
};
