import { open, readFile } from 'node:fs/promises';
import { errorMessage, Seconds } from '@postern/core';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { MailConfig } from '../../config.ts';
import { serverError } from '../../errors.ts';

/** A whole message and its envelope. */
export interface RelayedMail {
  readonly to: string;
  readonly message: Uint8Array;
}

/** @throws PosternError `relay-refused` when it never will, `relay-unreachable` when it may later */
export type SendMail = (mail: RelayedMail, signal: AbortSignal) => Promise<void>;

/** nodemailer keeps these by its own timers; the caller's deadline is above all of them. */
const TIMEOUTS = {
  dnsTimeout: Seconds(10),
  connectionTimeout: Seconds(10),
  greetingTimeout: Seconds(10),
  socketTimeout: Seconds(30),
};
const OTHERS = 0o077;

/**
 * The relay by SMTP, a connection for each mail. What must not be seen or changed on the way is encrypted and signed
 * already; TLS to the relay hides who writes to whom, and protects the password.
 *
 * @throws PosternError `mail-unusable` for files that cannot be used
 * @spec R9
 */
export const smtpRelay = async ({ relay, from }: MailConfig): Promise<SendMail> => {
  const { host, port, tls, caFile, authFile } = relay;
  const auth = authFile === undefined ? undefined : await readAuth(authFile);
  const ca = caFile === undefined ? undefined : await readable(caFile, () => readFile(caFile, 'utf8'));
  const options: SMTPConnection.Options = {
    host,
    port,
    secure: tls === 'implicit',
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    tls: { minVersion: 'TLSv1.2' as const, ...(ca === undefined ? {} : { ca }) },
    ...TIMEOUTS,
  };
  return (mail, signal) => transfer(new SMTPConnection(options), auth, { from, ...mail }, signal);
};

interface Login {
  readonly user: string;
  readonly pass: string;
}

/** One mail over a connection of its own, which is closed whatever happens. */
const transfer = async (
  connection: SMTPConnection,
  auth: Login | undefined,
  { from, to, message }: RelayedMail & { readonly from: string },
  signal: AbortSignal,
): Promise<void> => {
  const onAbort = (): void => void connection.emit('error', new Error('It was given up'));
  try {
    await new Promise<void>((resolve, reject) => {
      signal.addEventListener('abort', onAbort, { once: true });
      const then =
        (next: () => void) =>
        (error?: Error | null): void =>
          error ? reject(error) : next();
      // What fails between two commands, or before the first, comes as an event.
      connection.on('error', reject);
      connection.once('end', () => reject(new Error('The connection ended')));
      const send = (): void => connection.send({ from, to: [to] }, Buffer.from(message), then(resolve));
      const login = (): void => (auth === undefined ? send() : connection.login(auth, then(send)));
      connection.connect(then(login));
      if (signal.aborted) onAbort();
    });
    connection.quit();
  } catch (error) {
    throw inOurTerms(error);
  } finally {
    signal.removeEventListener('abort', onAbort);
    connection.close();
  }
};

/** nodemailer's names for a reply to the envelope or to the message itself: only these are about this mail. */
const ABOUT_THE_MAIL: readonly unknown[] = ['EENVELOPE', 'EMESSAGE'];

/** A reply of the class 5 is final (RFC 5321 §4.2.1); one to TLS or to the login is for somebody to mend. */
const inOurTerms = (error: unknown) => {
  const { responseCode = 0, code } = error as { readonly responseCode?: number; readonly code?: unknown };
  const final = responseCode >= 500 && ABOUT_THE_MAIL.includes(code);
  const said = errorMessage(error);
  return final
    ? serverError('relay-refused', `The relay refuses the mail: ${said}`, { cause: error })
    : serverError('relay-unreachable', `The relay did not take the mail: ${said}`, { cause: error });
};

const readAuth = async (path: string): Promise<Login> => {
  const text = await readable(path, async () => {
    const file = await open(path, 'r');
    try {
      if (((await file.stat()).mode & OTHERS) !== 0) {
        throw new Error('others than its owner may read it; run chmod 600');
      }
      return await file.readFile('utf8');
    } finally {
      await file.close();
    }
  });
  const [user, pass, ...rest] = text.trimEnd().split('\n');
  if (!user || !pass || rest.length > 0) {
    throw serverError('mail-unusable', `${path} does not hold a user name and a password, one a line`);
  }
  return { user, pass };
};

const readable = async (path: string, read: () => Promise<string>): Promise<string> => {
  try {
    return await read();
  } catch (cause) {
    throw serverError('mail-unusable', `${path} cannot be used: ${errorMessage(cause)}`, { cause });
  }
};
