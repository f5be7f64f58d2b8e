import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { type Clock, errorCode, Instant } from '@postern/core';
import { confirmMailCertificate, type EnrolledNode, openMailIdentity } from '@postern/pki';
import { type Finding, fail, failure } from './finding.ts';
import { untilFinding } from './identity.ts';

/** Whom a server mails requests to. */
export interface MailRecipient {
  /** The intermediary's name. */
  readonly name: string;
  readonly certificateFile: string;
}

/** The mail identity in a node's bundle: there, of this node, valid for a while. */
export const checkMailIdentity = async (
  directory: string,
  { identity: { role, name } }: EnrolledNode,
  clock: Clock,
): Promise<Finding> => {
  const check = 'mail identity';
  const issue = `postern pki issue urn:postern:${role}:${name} --mail --ca CA --out ${directory}`;
  try {
    const { identity, notAfter } = await openMailIdentity({ directory, clock });
    if (identity.role === role && identity.name === name) {
      return untilFinding(check, `${role} ${name}`, notAfter, clock, issue);
    }
    const says = `${directory} holds the mail identity of ${identity.role} ${identity.name}, not of ${role} ${name}`;
    return fail(check, says, `Issue it: ${issue}`);
  } catch (error) {
    if (errorCode(error, '') === 'identity-missing')
      return fail(check, `none in ${directory}`, `Issue it: ${issue}`);
    return failure(check, error, `Issue it: ${issue}`);
  }
};

/** The certificate that mail to an intermediary is encrypted for. */
export const checkMailRecipient = async (
  { name, certificateFile }: MailRecipient,
  caPem: string,
  clock: Clock,
): Promise<Finding> => {
  const check = `mail to ${name}`;
  const renew = `copy mail.pem of the bundle of ${name} to ${certificateFile}`;
  try {
    const certificate = new X509Certificate(await readFile(certificateFile));
    confirmMailCertificate(
      certificate,
      { role: 'intermediary', name },
      { caPem, revocations: undefined, clock },
    );
    const end = Instant(Date.parse(certificate.validTo));
    return untilFinding(check, certificateFile, end, clock, renew);
  } catch (error) {
    return failure(check, error, `Issue it (postern pki issue … --mail), and ${renew}.`);
  }
};
