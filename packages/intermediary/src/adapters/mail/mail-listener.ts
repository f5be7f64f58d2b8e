import { once } from 'node:events';
import { type AddressInfo, BlockList, isIPv4, type Socket } from 'node:net';
import { type Clock, type Logger, Minutes, Seconds } from '@postern/core';
import { LONGEST_MAIL } from '@postern/pki';
import { SMTPServer, type SMTPServerOptions, type SMTPServerSession } from 'smtp-server';
import type { MailConfig } from '../../config.ts';
import { isAddress } from '../../domain/mail/judge-mail.ts';
import type { MailIntake, MailOutcome } from '../../domain/mail/mail-intake.ts';
import { intermediaryError } from '../../errors.ts';

export interface MailListenerOptions {
  readonly config: Pick<MailConfig, 'listen' | 'address' | 'allowedHosts'>;
  readonly intake: Pick<MailIntake, 'take' | 'refuse'>;
  /** This intermediary's name, for the greeting. */
  readonly name: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface MailListener {
  readonly port: number;
  close(): Promise<void>;
}

/** A mail server of the site needs one or two. */
const MOST_CONNECTIONS = 8;
const MOST_MAILS_PER_CONNECTION = 10;
/** From the greeting to the end, whatever comes in between. */
const LONGEST_CONNECTION = Minutes(2);
const IDLE = Seconds(30);

/**
 * SMTP (RFC 5321) for the mail servers of the site: no login, no TLS (what comes is encrypted, and proved by its own
 * signature), one recipient, and an answer only when the mail is stored or refused for good. smtp-server keeps time for
 * idle connections by itself; the length of each is limited by our clock.
 *
 * @throws PosternError `mail-unusable`
 * @spec R9
 */
export const openMailListener = async (options: MailListenerOptions): Promise<MailListener> => {
  const { config, intake, name, clock, logger } = options;
  const sockets = new Set<Socket>();
  const server = new SMTPServer({
    name,
    banner: 'Postern',
    logger: false,
    disabledCommands: ['AUTH', 'STARTTLS'],
    authOptional: true,
    hideSMTPUTF8: true,
    disableReverseLookup: true,
    size: LONGEST_MAIL,
    maxClients: MOST_CONNECTIONS,
    socketTimeout: IDLE,
    closeTimeout: Seconds(1),
    ...handlers(config, intake),
  });
  server.on('error', (error) => logger.debug('A connection for mail failed', { reason: error.message }));
  server.server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    const timer = clock.schedule(LONGEST_CONNECTION, () => socket.destroy(), { background: true });
    socket.once('close', () => {
      timer.cancel();
      sockets.delete(socket);
    });
  });
  await listening(server, config.listen);
  const { port } = server.server.address() as AddressInfo;
  logger.info('Requests can come by mail', { port, address: config.address });
  return {
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
};

const listening = async (server: SMTPServer, { host, port }: MailConfig['listen']): Promise<void> => {
  try {
    server.listen(port, host);
    await once(server.server, 'listening');
  } catch (cause) {
    throw intermediaryError('mail-unusable', `${host} port ${port} cannot be listened on for mail`, cause);
  }
};

/** A reply of SMTP (RFC 5321 §4.2, RFC 3463): the code word is all that the other side is told. */
class Reply extends Error {
  readonly responseCode: number;
  constructor(responseCode: number, text: string) {
    super(text);
    this.responseCode = responseCode;
  }
}

type Handlers = Pick<SMTPServerOptions, 'onConnect' | 'onMailFrom' | 'onRcptTo' | 'onData'>;

const handlers = (
  { address, allowedHosts }: MailListenerOptions['config'],
  intake: MailListenerOptions['intake'],
): Handlers => {
  const isListed = hostList(allowedHosts);
  const mails = new WeakMap<SMTPServerSession, number>();
  const refuse = (code: string, status: number, { remoteAddress }: SMTPServerSession): Reply => {
    intake.refuse(code, remoteAddress);
    return new Reply(status, `5.7.1 ${code}`);
  };
  return {
    onConnect: (session, done) =>
      done(isListed(session.remoteAddress) ? null : refuse('mail-foreign-host', 554, session)),
    onMailFrom: (_, session, done) => {
      const count = (mails.get(session) ?? 0) + 1;
      mails.set(session, count);
      done(count > MOST_MAILS_PER_CONNECTION ? new Reply(421, '4.7.0 too many mails, connect again') : null);
    },
    onRcptTo: (recipient, session, done) =>
      done(isAddress(recipient.address, address) ? null : refuse('mail-foreign-recipient', 550, session)),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      let length = 0;
      stream.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length <= LONGEST_MAIL) chunks.push(chunk);
        else chunks.length = 0;
      });
      // Without an end the connection has gone, and nobody waits for an answer.
      stream.once('end', () => {
        if (length > LONGEST_MAIL) done(refuse('mail-too-long', 552, session));
        else answer(intake.take(Buffer.concat(chunks), session.remoteAddress), done);
      });
    },
  };
};

const answer = (outcome: MailOutcome, done: (error: Error | null, text?: string) => void): void => {
  if (outcome.kind === 'stored') done(null, '2.0.0 stored');
  else if (outcome.kind === 'later') done(new Reply(451, `4.3.0 ${outcome.code}`));
  else done(new Reply(550, `5.7.1 ${outcome.code}`));
};

/** By address: names can be forged by whoever answers for them. */
const hostList = (addresses: readonly string[]): ((address: string) => boolean) => {
  const list = new BlockList();
  for (const address of addresses) list.addAddress(address, isIPv4(address) ? 'ipv4' : 'ipv6');
  return (address) => {
    const plain = address.replace(/^::ffff:(?=[\d.]+$)/, '');
    return list.check(plain, isIPv4(plain) ? 'ipv4' : 'ipv6');
  };
};
