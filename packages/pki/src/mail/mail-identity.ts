import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { Clock, Instant, NodeIdentity } from '@postern/core';
import { type EnrolledNode, mailBundlePaths, openBundle } from '../enrolled-node.ts';
import { type EnrolmentOptions, ensureBundle } from '../enrolment.ts';
import { pkiError } from '../errors.ts';
import { isForMail } from './mail-certificate.ts';

/** What a node signs mail with and mail to it is encrypted for. Not its TLS identity, and of no use as one. */
export interface MailIdentity {
  readonly identity: NodeIdentity;
  readonly certificate: X509Certificate;
  /** Secret. */
  readonly privateKey: KeyObject;
  /** The CA certificate: the only one that is trusted. */
  readonly caPem: string;
  readonly notAfter: Instant;
  /** Of the certificate, lower-case hexadecimal digits. */
  readonly serial: string;
}

/**
 * Loads the mail identity (`mail.pem`, `mail.key`) of a node's bundle.
 *
 * @throws PosternError as `openNodeIdentity`; `identity-damaged` also for a certificate that is not for mail
 * @spec R9
 */
export const openMailIdentity = async (options: {
  readonly directory: string;
  readonly clock: Clock;
}): Promise<MailIdentity> =>
  toMailIdentity(await openBundle(mailBundlePaths(options.directory), options.clock));

/**
 * Opens the node's mail identity, and where the authority is at hand makes, mends or renews it first.
 *
 * @throws PosternError as `ensureNodeIdentity`
 * @spec R9
 */
export const ensureMailIdentity = async (options: EnrolmentOptions): Promise<MailIdentity> =>
  toMailIdentity(await ensureBundle(options, mailBundlePaths(options.directory), 'mail'));

const toMailIdentity = ({
  identity,
  certificatePem,
  privateKeyPem,
  caPem,
  notAfter,
  serial,
}: EnrolledNode) => {
  const certificate = new X509Certificate(certificatePem);
  if (!isForMail(certificate)) {
    throw pkiError('identity-damaged', `The mail certificate of ${identity.name} is not one for mail`, {
      hint: 'Issue it with `postern pki issue … --mail`.',
    });
  }
  return { identity, certificate, privateKey: createPrivateKey(privateKeyPem), caPem, notAfter, serial };
};
