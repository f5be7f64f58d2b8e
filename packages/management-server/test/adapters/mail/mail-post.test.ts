import { once } from 'node:events';
import { copyFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { after, Instant, Minutes } from '@postern/core';
import { seededEntropy, VirtualClock } from '@postern/core/testing';
import { ensureMailIdentity, type MailIdentity, openAuthority, openMail } from '@postern/pki';
import { readMailedRequests } from '@postern/soap-rpc';
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { openMailPost } from '../../../src/adapters/mail/mail-post.ts';
import type { MailConfig } from '../../../src/config.ts';
import type { MailDown, PostMail } from '../../../src/domain/mail/mail-outbox.ts';
import { temporaryDirectory } from '../../support/directory.ts';

const clock = new VirtualClock();
const SERVER = { role: 'server', name: 'main' } as const;
const SITE = { role: 'intermediary', name: 'site-a' } as const;

let home: Awaited<ReturnType<typeof temporaryDirectory>>;
let site: MailIdentity;
const path = (...names: readonly string[]): string => join(home.path, ...names);

beforeAll(async () => {
  home = await temporaryDirectory();
  const authority = await openAuthority({ directory: path('ca'), clock, entropy: seededEntropy(1) });
  await ensureMailIdentity({ directory: path('main'), identity: SERVER, authority, clock });
  site = await ensureMailIdentity({ directory: path('site-a'), identity: SITE, authority, clock });
});
afterAll(() => home.remove());

/** The relay: takes a mail, or answers what it is told to. */
let relay: SMTPServer;
let taken: { readonly to: string; readonly login: string; readonly raw: Buffer }[];
let answer: Error | undefined;

beforeEach(async () => {
  taken = [];
  answer = undefined;
  relay = new SMTPServer({
    logger: false,
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ['STARTTLS'],
    closeTimeout: 10,
    onAuth: ({ username, password }, _, done) =>
      done(password === 'secret' ? null : new Error('wrong'), { user: username }),
    onData: (stream, { envelope, user }, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.once('end', () => {
        const raw = Buffer.concat(chunks);
        if (answer === undefined) {
          taken.push({ to: envelope.rcptTo[0]?.address ?? '', login: user ?? '', raw });
        }
        done(answer ?? null);
      });
    },
  });
  relay.listen(0, '127.0.0.1');
  await once(relay.server, 'listening');
});
afterEach(() => new Promise<void>((resolve) => relay.close(resolve)));

const open = (changes: Partial<MailConfig['relay']> = {}, certificateFile = path('site-a', 'mail.pem')) => {
  const { port } = relay.server.address() as AddressInfo;
  return openMailPost({
    mail: {
      relay: { host: '127.0.0.1', port, tls: 'none', ...changes },
      from: 'postern@example.org',
      intermediaries: { 'site-a': { address: 'site-a@example.org', certificateFile } },
    },
    identityDir: path('main'),
    identity: SERVER,
    revocations: undefined,
    clock,
    entropy: seededEntropy(2),
  });
};

const down: MailDown = {
  intermediary: 'site-a',
  mailId: 'm1',
  date: clock.now(),
  requests: [
    {
      requestId: 'r1',
      target: 'printer-1',
      expiresInSeconds: 60,
      body: { kind: 'GetParameters', value: { names: { name: ['a-secret-name'] } } },
    },
  ],
};

const post = async (by: PostMail | Promise<PostMail>, mail = down): Promise<unknown> => {
  try {
    await (await by)(mail, new AbortController().signal);
    return 'sent';
  } catch (error) {
    return (error as { code?: unknown }).code;
  }
};

/** @spec R9 */
test('a request is signed, encrypted, and given to the relay; the intermediary reads it as it was', async () => {
  expect(await post(open())).toBe('sent');
  const [mail] = taken;
  if (mail === undefined) throw new Error('Nothing came');
  expect([mail.to, mail.login]).toEqual(['site-a@example.org', '']);
  const trust = { caPem: site.caPem, clock };
  const { inside } = openMail(mail.raw, site, SERVER, trust);
  expect(readMailedRequests(inside)).toEqual({
    from: 'postern@example.org',
    to: 'site-a@example.org',
    messageId: '<m1@main>',
    date: Instant(Math.floor(down.date / 1_000) * 1_000),
    intermediary: 'site-a',
    requests: down.requests,
  });
  // As mail programs see it.
  const seen = await simpleParser(mail.raw);
  expect([seen.subject, seen.messageId, seen.date?.getTime()]).toEqual(['Postern', '<m1@main>', down.date]);
  expect(seen.attachments.map(({ contentType }) => contentType)).toEqual(['application/pkcs7-mime']);
  expect(mail.raw.toString()).not.toContain('secret');
});

/** @spec R9 */
test('the login comes from a file that only the owner may read', async () => {
  await writeFile(path('auth'), 'postern\nsecret\n', { mode: 0o600 });
  expect(await post(open({ authFile: path('auth') }))).toBe('sent');
  expect(taken[0]?.login).toBe('postern');
  await writeFile(path('wrong'), 'postern\nsesame\n', { mode: 0o600 });
  expect(await post(open({ authFile: path('wrong') }))).toBe('relay-unreachable');
  await writeFile(path('open'), 'postern\nsecret\n', { mode: 0o644 });
  await writeFile(path('short'), 'postern\n', { mode: 0o600 });
  for (const authFile of [path('open'), path('short'), path('absent')]) {
    await expect(open({ authFile })).rejects.toMatchObject({ code: 'mail-unusable' });
  }
});

const reply = (responseCode: number): Error => Object.assign(new Error('no'), { responseCode });

/** @spec R9 */
test('what the relay says is final or not', async () => {
  answer = reply(554);
  expect(await post(open())).toBe('relay-refused');
  answer = reply(451);
  expect(await post(open())).toBe('relay-unreachable');
  answer = undefined;
  expect(await post(open({ tls: 'starttls' }))).toBe('relay-unreachable');
  expect(await post(open({ port: 1 }))).toBe('relay-unreachable');
  expect(taken).toEqual([]);
});

/** @spec R9 */
test('nothing is sent to a certificate that is not the present one of the intermediary', async () => {
  await copyFile(path('main', 'mail.pem'), path('other.pem'));
  expect(await post(open({}, path('other.pem')))).toBe('identity-unexpected');
  expect(await post(open({}, path('site-a', 'ca.pem')))).toBe('mail-certificate-unusable');
  expect(await post(open({}, path('absent.pem')))).toBe('mail-unusable');
  expect(await post(open(), { ...down, intermediary: 'site-b' })).toBe('mail-not-configured');
  expect(taken).toEqual([]);
  expect(after(clock.now(), Minutes(1)) < site.notAfter).toBe(true);
});

/** @spec R9 */
test('a mail that is given up leaves no connection', async () => {
  const giveUp = new AbortController();
  relay.onMailFrom = () => giveUp.abort();
  const sending = (await open())(down, giveUp.signal);
  await expect(sending).rejects.toMatchObject({ code: 'relay-unreachable' });
});
