import { join } from 'node:path';
import type { uplink } from '@postern/contracts';
import { type Clock, Instant, type NodeIdentity } from '@postern/core';
import { seededEntropy } from '@postern/core/testing';
import { type Authority, ensureMailIdentity, type MailIdentity, openAuthority, sealMail } from '@postern/pki';
import { type MailEntity, type MailedRequests, writeMailedRequests } from '@postern/soap-rpc';
import { createTransport } from 'nodemailer';

export const SERVER: NodeIdentity = { role: 'server', name: 'server-1' };
export const SITE: NodeIdentity = { role: 'intermediary', name: 'site-a' };
export const ADDRESS = 'site-a@example.org';

/** Whoever writes mail, under one CA. */
export class MailWorld {
  readonly directory: string;
  readonly authority: Authority;
  readonly #clock: Clock;
  readonly #identities = new Map<string, Promise<MailIdentity>>();

  private constructor(directory: string, authority: Authority, clock: Clock) {
    this.directory = directory;
    this.authority = authority;
    this.#clock = clock;
  }

  static async make(directory: string, clock: Clock): Promise<MailWorld> {
    const options = { directory: join(directory, 'ca'), clock, entropy: seededEntropy('mail') };
    return new MailWorld(directory, await openAuthority(options), clock);
  }

  identityDirectory = ({ role, name }: NodeIdentity): string => join(this.directory, `${role}-${name}`);

  /** RSA keys are dear: each is made once. */
  identity(identity: NodeIdentity): Promise<MailIdentity> {
    const directory = this.identityDirectory(identity);
    const known = this.#identities.get(directory);
    const made =
      known ?? ensureMailIdentity({ directory, identity, authority: this.authority, clock: this.#clock });
    this.#identities.set(directory, made);
    return made;
  }

  /** A mail as the server makes it. */
  requests(changes: Partial<MailedRequests> = {}): MailedRequests {
    return {
      from: 'postern@example.org',
      to: ADDRESS,
      messageId: '<1@server-1>',
      date: Instant(Math.floor(this.#clock.now() / 1_000) * 1_000),
      intermediary: SITE.name,
      requests: [alive('r1')],
      ...changes,
    };
  }

  /** Signed by the server and encrypted for the site, or as it is told. */
  async seal(
    content: MailEntity | MailedRequests = this.requests(),
    { signer = SERVER, recipient = SITE }: { signer?: NodeIdentity; recipient?: NodeIdentity } = {},
  ): Promise<Buffer> {
    return sealMail({
      outside: [['From', 'postern@example.org']],
      inside: 'body' in content ? content : writeMailedRequests(content),
      signer: await this.identity(signer),
      recipient: (await this.identity(recipient)).certificate,
      at: this.#clock.now(),
      entropy: seededEntropy('mail'),
    });
  }
}

export const alive = (requestId: string): uplink.Request => ({
  requestId,
  target: 'mfp-1',
  expiresInSeconds: 600,
  body: { kind: 'ConfirmAlive', value: {} },
});

/** Gives a mail to an SMTP server. @returns what it answered in the end */
export const sendTo = async (port: number, raw: Uint8Array, to = ADDRESS): Promise<string> => {
  const transport = createTransport({ host: '127.0.0.1', port, ignoreTLS: true });
  try {
    const envelope = { from: 'postern@example.org', to: [to] };
    const { response } = await transport.sendMail({ envelope, raw: Buffer.from(raw) });
    return response;
  } catch (error) {
    return String((error as { response?: unknown }).response ?? error);
  } finally {
    transport.close();
  }
};
