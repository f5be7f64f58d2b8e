import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { Seconds, systemClock } from '@postern/core';
import { ensureMailIdentity } from '@postern/pki';
import { Site } from '@postern/testbed';
import { createTransport } from 'nodemailer';
import { SMTPServer } from 'smtp-server';
import { intermediaryIdentity, SERVER } from '../../src/site/site-config.ts';
import { siteAuthority } from '../../src/site/site-files.ts';
import { afterwards, temporaryDirectory } from '../support/afterwards.ts';

const ADDRESS = 'postern@site-a.example.net';

/** The mail servers on the way. They know nothing of what they carry, and give each mail to the site twice. */
class Relay {
  readonly mails: Buffer[] = [];
  /** What the site said to each. */
  readonly answers: string[] = [];
  /** Of the intermediary. */
  sitePort = 0;
  readonly #server: SMTPServer;

  private constructor() {
    this.#server = new SMTPServer({
      logger: false,
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      closeTimeout: 10,
      onData: (stream, _, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.once('end', () => {
          const mail = Buffer.concat(chunks);
          this.mails.push(mail);
          done();
          void this.#deliver(mail).then(() => this.#deliver(mail));
        });
      },
    });
  }

  static async start(): Promise<Relay> {
    const relay = new Relay();
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server.server, 'listening');
    afterwards(() => new Promise<void>((resolve) => relay.#server.close(resolve)));
    return relay;
  }

  get port(): number {
    return (this.#server.server.address() as AddressInfo).port;
  }

  async #deliver(mail: Buffer): Promise<void> {
    const transport = createTransport({ host: '127.0.0.1', port: this.sitePort, ignoreTLS: true });
    const received = Buffer.from('Received: from relay.example.org by mx.example.net; Sat, 1 Jan 2030\r\n');
    const raw = Buffer.concat([received, mail]);
    try {
      const { response } = await transport.sendMail({ envelope: { from: '', to: [ADDRESS] }, raw });
      this.answers.push(response);
    } catch (error) {
      this.answers.push(String(error));
    }
  }
}

const FIRMWARE = { version: '1.0.0', releaseCounter: 1, content: Buffer.from('factory firmware') };

/** @spec R9 R1 */
test('a request goes down by mail over foreign mail servers, is carried out once, and answered by the uplink', async () => {
  const relay = await Relay.start();
  const directory = await temporaryDirectory();
  // Polls that are not held come every half a minute: whatever goes down sooner, goes by mail.
  const site: Site = new Site({
    directory,
    devices: [{ id: 'printer-1', firmware: FIRMWARE }],
    server: {
      mail: {
        relay: { host: '127.0.0.1', port: relay.port, tls: 'none' },
        from: 'postern@example.org',
        intermediaries: {
          'site-a': { address: ADDRESS, certificateFile: `${directory}/identities/site-a/mail.pem` },
        },
      },
    },
    intermediary: {
      uplink: { hold: 0 },
      mail: { listen: { host: '127.0.0.1', port: 0 }, address: ADDRESS, allowedHosts: ['127.0.0.1'] },
    },
  });
  const authority = await siteAuthority(site.files);
  for (const identity of [SERVER, intermediaryIdentity('site-a')]) {
    const bundle = site.files.identityDir(identity);
    await ensureMailIdentity({ directory: bundle, identity, authority, clock: systemClock });
  }
  afterwards(() => site.close());
  await site.start();
  const { client } = site.operator;
  const way = site.intermediary.ready.mail;
  relay.sitePort = way?.port ?? 0;
  await site.operator.devicesKnown(['printer-1']);

  const { id } = await client.orderRequests({ kind: 'ConfirmAlive', targets: ['printer-1'], via: 'mail' });
  const order = await client.order(id, Seconds(15));
  expect(order).toMatchObject({ via: 'mail', ended: true, states: { answered: 1 } });
  await site.operator.until('the mail was given a second time', () => relay.answers.length === 2);
  expect(relay.answers).toEqual(['250 2.0.0 stored', '250 2.0.0 stored']);
  expect(Object.fromEntries(way?.refused ?? [])).toEqual({ 'mail-repeated': 1 });
  expect(relay.mails).toHaveLength(1);
  const [request] = await client.listRequests({ order: id });
  for (const hidden of ['printer-1', 'ConfirmAlive', request?.id ?? '']) {
    expect(relay.mails.join('')).not.toContain(hidden);
  }
});
