import type { Clock, NodeIdentity } from '@postern/core';
import { seededEntropy, VirtualClock } from '@postern/core/testing';
import {
  type Authority,
  ensureMailIdentity,
  type MailIdentity,
  type MailTrust,
  sealMail,
} from '@postern/pki';
import { makeAuthority, temporaryDirectory } from './world.ts';

export const SERVER: NodeIdentity = { role: 'server', name: 'main' };
export const SITE: NodeIdentity = { role: 'intermediary', name: 'site-a' };

/** A CA and whoever writes and reads mail under it. RSA keys are dear: made once for a file of tests. */
export interface MailWorld {
  readonly clock: Clock;
  readonly authority: Authority;
  readonly server: MailIdentity;
  readonly site: MailIdentity;
  readonly trust: MailTrust;
  readonly enrolMail: (identity: NodeIdentity, authority?: Authority) => Promise<MailIdentity>;
}

export const mailWorld = async (clock: Clock = new VirtualClock()): Promise<MailWorld> => {
  const authority = await makeAuthority(clock);
  const enrolMail = async (identity: NodeIdentity, by: Authority = authority): Promise<MailIdentity> =>
    ensureMailIdentity({ directory: await temporaryDirectory(), identity, authority: by, clock });
  return {
    clock,
    authority,
    server: await enrolMail(SERVER),
    site: await enrolMail(SITE),
    trust: { caPem: authority.certificatePem, clock },
    enrolMail,
  };
};

export const TEXT = 'Für den Vermittler\r\n';

/** A mail with one line of text from the server to the site, or between whoever is given. */
export const sealed = (
  { server, site, clock }: Pick<MailWorld, 'server' | 'site' | 'clock'>,
  { signer = server, recipient = site.certificate, text = TEXT } = {},
): Buffer =>
  sealMail({
    outside: [
      ['From', 'postern@example.org'],
      ['Subject', 'Postern'],
    ],
    inside: {
      fields: [
        ['Content-Type', 'text/plain; charset=utf-8'],
        ['Date', 'Sat, 28 Nov 2026 02:12:38 +0000'],
      ],
      body: Buffer.from(text),
    },
    signer,
    recipient,
    at: clock.now(),
    entropy: seededEntropy('mail'),
  });
