import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Clock, type Entropy, errorMessage, type NodeIdentity, toUri } from '@postern/core';
import {
  confirmMailCertificate,
  type MailIdentity,
  openMailIdentity,
  type RevocationList,
  sealMail,
} from '@postern/pki';
import { writeMailedRequests } from '@postern/soap-rpc';
import type { MailConfig } from '../../config.ts';
import type { MailDown, PostMail } from '../../domain/mail/mail-outbox.ts';
import { serverError } from '../../errors.ts';
import { type SendMail, smtpRelay } from './smtp-relay.ts';

export interface MailPostParts {
  readonly mail: MailConfig;
  readonly identityDir: string;
  /** Who this server is over TLS. */
  readonly identity: NodeIdentity;
  readonly revocations: RevocationList | undefined;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

/**
 * Signs requests, encrypts them for their intermediary and gives them to the relay.
 *
 * @throws PosternError `mail-unusable`, those of pki for the server's mail identity
 * @spec R9
 */
export const openMailPost = async (parts: MailPostParts): Promise<PostMail> => {
  const { mail, identityDir, identity, clock } = parts;
  const signer = await openMailIdentity({ directory: identityDir, clock });
  if (toUri(signer.identity) !== toUri(identity)) {
    throw serverError('mail-unusable', `${identityDir} holds the mail identity of ${toUri(signer.identity)}`);
  }
  const send: SendMail = await smtpRelay(mail);
  return async (down, signal) => {
    const to = mail.intermediaries[down.intermediary];
    if (to === undefined) throw serverError('mail-not-configured', `${down.intermediary} has no address`);
    const recipient = await readRecipient(parts, signer, down.intermediary, to.certificateFile);
    await send({ to: to.address, message: seal(parts, signer, recipient, to.address, down) }, signal);
  };
};

/** Read for each mail: the intermediary renews it every few weeks. */
const readRecipient = async (
  { revocations, clock }: MailPostParts,
  { caPem }: MailIdentity,
  name: string,
  path: string,
): Promise<X509Certificate> => {
  const certificate = await readCertificate(path);
  confirmMailCertificate(certificate, { role: 'intermediary', name }, { caPem, revocations, clock });
  return certificate;
};

const readCertificate = async (path: string): Promise<X509Certificate> => {
  try {
    return new X509Certificate(await readFile(path));
  } catch (cause) {
    throw serverError('mail-unusable', `${path} is no certificate: ${errorMessage(cause)}`, { cause });
  }
};

const seal = (
  { mail, identity, entropy }: MailPostParts,
  signer: MailIdentity,
  recipient: X509Certificate,
  to: string,
  { intermediary, mailId, date, requests }: MailDown,
): Buffer => {
  const messageId = `<${mailId}@${identity.name}>`;
  const inside = writeMailedRequests({ from: mail.from, to, messageId, date, intermediary, requests });
  const outside = inside.fields.filter(([name]) => OUTSIDE.includes(name));
  return sealMail({
    outside: [...outside, ['Subject', 'Postern'], ['Auto-Submitted', 'auto-generated']],
    inside,
    signer,
    recipient,
    at: date,
    entropy,
  });
};

/** What mail servers want to see (RFC 5322 §3.6); the recipient looks at those inside. */
const OUTSIDE: readonly string[] = ['From', 'To', 'Date', 'Message-ID'];
