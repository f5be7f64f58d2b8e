import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { uplink } from '@postern/contracts';
import { after, Days, Instant, Milliseconds, Minutes } from '@postern/core';
import { memoryLogger, VirtualClock } from '@postern/core/testing';
import { type MailEntity, writeMailedRequests } from '@postern/soap-rpc';
import { type DatabaseStores, openDatabaseStores } from '../../../src/adapters/database/stores.ts';
import { type MailWay, openMailWay } from '../../../src/adapters/mail/open-mail.ts';
import type { MailConfig } from '../../../src/config.ts';
import { afterThisTest } from '../../support/directory.ts';
import { ADDRESS, alive, MailWorld, SERVER, SITE, sendTo } from '../../support/mail.ts';

const log = memoryLogger();
let world: MailWorld;
let directory: string;
let clock: VirtualClock;
let stores: DatabaseStores['stores'];
/** What became of the requests of mails. */
let taken: string[];
let room: number;
let way: MailWay;

const made = new VirtualClock();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-mail-'));
  world = await MailWorld.make(directory, made);
  await world.identity(SITE);
});

afterAll(() => rm(directory, { recursive: true, force: true }));

beforeEach(async () => {
  log.lines.length = 0;
  clock = new VirtualClock(made.now());
  const database = await openDatabaseStores(':memory:', { clock, logger: log });
  afterThisTest(() => database.close());
  stores = database.stores;
  taken = [];
  room = 100;
  way = await open();
});

/** An inbox as far as mail sees it: it stores each request once, while there is room. */
const inbox = {
  take: ({ requests }: uplink.PollResponse): void => {
    for (const { requestId, target, body } of requests?.request ?? []) {
      if (room === 0) continue;
      const facts = { requestId, target, kind: body.kind, expiresAt: Instant(1) };
      if (!stores.requests.add(facts)) continue;
      room -= 1;
      taken.push(requestId);
    }
  },
};

const open = async (
  changes: Partial<MailConfig> = {},
  {
    name = SITE.name,
    at = stores,
    revocations,
  }: { name?: string; at?: typeof stores; revocations?: Listed } = {},
): Promise<MailWay> => {
  const opened = await openMailWay({
    config: { identityDir: world.identityDirectory(SITE) },
    mail: {
      listen: { host: '127.0.0.1', port: 0 },
      address: ADDRESS,
      allowedHosts: ['127.0.0.1'],
      serverName: SERVER.name,
      maxAge: Minutes(60),
      skew: Minutes(5),
      ...changes,
    },
    name,
    stores: at,
    inbox,
    revocations,
    clock,
    logger: log,
  });
  afterThisTest(() => opened.close());
  return opened;
};

type Listed = Parameters<typeof openMailWay>[0]['revocations'];

const refusals = (of = way): Record<string, number> => Object.fromEntries(of.refused);

/** @spec R9 */
test('requests that the server has signed for this intermediary are stored before they are acknowledged', async () => {
  const mail = await world.seal(world.requests({ requests: [alive('r1'), alive('r2')] }));
  expect(await sendTo(way.port, mail)).toBe('250 2.0.0 stored');
  expect(taken).toEqual(['r1', 'r2']);
  expect(refusals()).toEqual({});
});

/** @spec R9 */
test('a mail that comes again, and a request that comes in another, change nothing', async () => {
  const mail = await world.seal();
  await sendTo(way.port, mail);
  expect(await sendTo(way.port, mail)).toBe('250 2.0.0 stored');
  expect(refusals()).toEqual({ 'mail-repeated': 1 });
  expect(await sendTo(way.port, await world.seal(world.requests({ messageId: '<2@server-1>' })))).toMatch(
    /^250/,
  );
  expect(taken).toEqual(['r1']);
  // Another process of the same site.
  const next = await open();
  await sendTo(next.port, mail);
  expect(refusals(next)).toEqual({ 'mail-repeated': 1 });
  expect(stores.mail.count()).toBe(2);
});

/** @spec R9 */
test('identifiers of mails are forgotten when they are too old to come again', async () => {
  const mail = await world.seal();
  await sendTo(way.port, mail);
  await clock.advance(Minutes(61));
  expect(await sendTo(way.port, mail)).toBe('550 5.7.1 mail-too-old');
  const later = { date: clock.now(), messageId: '<2@server-1>', requests: [alive('r2')] };
  expect(await sendTo(way.port, await world.seal(world.requests(later)))).toMatch(/^250/);
  expect(stores.mail.count()).toBe(1);
  expect(stores.mail.has('<1@server-1>')).toBe(false);
});

const altered = async (change: (entity: MailEntity) => MailEntity): Promise<Buffer> =>
  world.seal(change(writeMailedRequests(world.requests())));
const withFields = (fields: MailEntity['fields']) => altered((entity) => ({ ...entity, fields }));
const withBody = (change: (xml: string) => string) =>
  altered(({ fields, body }) => ({ fields, body: Buffer.from(change(Buffer.from(body).toString())) }));
const fields = () => writeMailedRequests(world.requests()).fields;
const flipped = async (): Promise<Buffer> => {
  const mail = await world.seal();
  // Of the base64 in the middle of the ciphertext.
  mail.writeUInt8(mail.readUInt8(1_500) === 0x41 ? 0x42 : 0x41, 1_500);
  return mail;
};
const date = (ms: number): Instant => after(world.requests().date, Milliseconds(ms));
const sealed = (changes: Parameters<MailWorld['requests']>[0]) => world.seal(world.requests(changes));

/** @spec R9 */
test.each<[string, string, () => Promise<Uint8Array>]>([
  ['plain text', 'mail-malformed', async () => Buffer.from('Subject: x\r\n\r\nhello\r\n')],
  [
    'one that nobody has signed',
    'mail-malformed',
    async () =>
      Buffer.from(
        `Content-Type: application/pkcs7-mime; smime-type=signed-data\r\nContent-Transfer-Encoding: base64\r\n\r\nMAA=\r\n`,
      ),
  ],
  [
    'one by another server',
    'identity-unexpected',
    () => world.seal(undefined, { signer: { role: 'server', name: 'server-2' } }),
  ],
  [
    'one by a device of that name',
    'identity-unexpected',
    () => world.seal(undefined, { signer: { role: 'device', name: SERVER.name } }),
  ],
  [
    'one encrypted for another intermediary',
    'mail-not-for-us',
    () => world.seal(undefined, { recipient: { role: 'intermediary', name: 'site-b' } }),
  ],
  ['one whose body was altered', 'mail-undecipherable', flipped],
  ['one made for another intermediary', 'mail-not-addressed', () => sealed({ intermediary: 'site-b' })],
  ['one to another address', 'mail-not-addressed', () => sealed({ to: 'else@example.org' })],
  ['an old one', 'mail-too-old', () => sealed({ date: date(-3_601_000) })],
  ['one from the future', 'mail-from-future', () => sealed({ date: date(301_000) })],
  [
    'one without a date',
    'mail-content-invalid',
    () => withFields(fields().filter(([name]) => name !== 'Date')),
  ],
  [
    'one with two dates',
    'mail-content-invalid',
    () => withFields([...fields(), ['date', 'Tue, 01 Jan 2030 00:00:00 +0000']]),
  ],
  [
    'one with a date that is none',
    'mail-content-invalid',
    () =>
      withFields(
        fields().map(([name, value]) => [name, name === 'Date' ? 'Tue, 31 Feb 2030 00:00:00 +0000' : value]),
      ),
  ],
  [
    'one with a field that we do not know',
    'mail-content-invalid',
    () => withFields([...fields(), ['Reply-To', 'x@example.org']]),
  ],
  [
    'one with a multipart inside',
    'mail-content-invalid',
    () =>
      withFields(
        fields().map(([name, value]) => [
          name,
          name === 'Content-Type' ? 'multipart/mixed; boundary=b' : value,
        ]),
      ),
  ],
  ['one with an identifier that is none', 'mail-content-invalid', () => sealed({ messageId: 'x' })],
  ['one without requests', 'mail-content-invalid', () => sealed({ requests: [] })],
  [
    'one that also acknowledges',
    'mail-content-invalid',
    () =>
      withBody((xml) =>
        xml.replace(/(<[^<]*nextPollSeconds>0<[^>]*>)/, '$1<acknowledged><id>r9</id></acknowledged>'),
      ),
  ],
  ['one that is no SOAP', 'mail-content-invalid', () => withBody(() => '<a/>')],
  [
    'SOAP with another element',
    'mail-content-invalid',
    () => withBody((xml) => xml.replaceAll('PollResponse', 'Poll')),
  ],
  [
    'SOAP with entities',
    'mail-content-invalid',
    () => withBody((xml) => xml.replace('?>', '?><!DOCTYPE a [<!ENTITY b "c">]>')),
  ],
  ['one that is too long', 'mail-too-long', async () => Buffer.alloc(1_048_577 + 100, 'x\r\n')],
])('%s is refused as %s, and changes nothing', async (_, code, mail) => {
  const answer = await sendTo(way.port, await mail());
  expect(answer).toContain(code === 'mail-too-long' ? '552' : `550 5.7.1 ${code}`);
  if (code !== 'mail-too-long') expect(refusals()).toEqual({ [code]: 1 });
  expect([taken, stores.mail.count(), stores.requests.open()]).toEqual([[], 0, []]);
  expect(log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

/** @spec R9 */
test('mail by a server that was revoked is refused; with an outdated list it has to wait', async () => {
  const { serial } = await world.identity(SERVER);
  const list = { crlPem: '', onChange: () => () => {}, close: () => {} };
  const validUntil = after(clock.now(), Days(1));
  const isRevoked = (found: string) => found.toLowerCase() === serial;
  const revoking = await open({}, { revocations: { ...list, validUntil, isRevoked } });
  expect(await sendTo(revoking.port, await world.seal())).toBe('550 5.7.1 mail-certificate-unusable');
  const outdated = { ...list, validUntil: clock.now(), isRevoked: () => false };
  const waiting = await open({}, { revocations: outdated });
  expect(await sendTo(waiting.port, await world.seal())).toBe('451 4.3.0 mail-not-stored');
  expect(taken).toEqual([]);
});

/** @spec R9 */
test('what there is no room for, and what cannot be written, is to come again', async () => {
  room = 0;
  const mail = await world.seal();
  expect(await sendTo(way.port, mail)).toBe('451 4.3.0 mail-no-room');
  room = 1;
  const broken = {
    ...stores,
    mail: {
      ...stores.mail,
      add: () => {
        throw new Error('disk');
      },
    },
  };
  const failing = await open({}, { at: broken });
  expect(await sendTo(failing.port, mail)).toBe('451 4.3.0 mail-not-stored');
  expect(await sendTo(way.port, mail)).toMatch(/^250/);
  expect(taken).toEqual(['r1']);
});

/** @spec R9 */
test('another recipient, and a host that is not listed, come no further', async () => {
  expect(await sendTo(way.port, await world.seal(), 'else@example.org')).toBe(
    '550 5.7.1 mail-foreign-recipient',
  );
  const elsewhere = await open({ allowedHosts: ['192.0.2.1', '::1'] });
  expect(await sendTo(elsewhere.port, await world.seal())).toContain('554 5.7.1 mail-foreign-host');
  expect(refusals(elsewhere)).toEqual({ 'mail-foreign-host': 1 });
  expect(taken).toEqual([]);
});

/** @spec R9 */
test('nothing is offered that is not needed, and no connection lasts', async () => {
  const socket = connect(way.port, '127.0.0.1');
  afterThisTest(() => socket.destroy());
  let text = '';
  const closed = new Promise((resolve) => socket.once('close', resolve));
  await new Promise<void>((resolve) => {
    socket.on('data', (data) => {
      text += String(data);
      if (text.includes('Postern') && !text.includes('250')) socket.write('EHLO relay\r\n');
      if (/^250 /m.test(text)) resolve();
    });
  });
  expect(text).toContain('SIZE 1048576');
  expect(text).not.toMatch(/AUTH|STARTTLS/);
  await clock.advance(Minutes(2));
  await closed;
});

/** @spec R9 */
test('the identity of another node is not taken for ours, and a port that is taken is told', async () => {
  await expect(open({}, { name: 'site-b' })).rejects.toMatchObject({ code: 'mail-unusable' });
  const listen = { host: '127.0.0.1', port: way.port };
  await expect(open({ listen })).rejects.toMatchObject({ code: 'mail-unusable' });
});

/** @spec R9 */
test('a flood of bad mail is counted, and told now and then', async () => {
  for (let at = 0; at < 8; at += 1) await sendTo(way.port, Buffer.from('Subject: x\r\n\r\nsecret\r\n'));
  expect(refusals()).toEqual({ 'mail-malformed': 8 });
  const told = log.lines.filter(({ level }) => level === 'warn');
  expect(told.length).toBe(5);
  expect(JSON.stringify(log.lines)).not.toContain('secret');
});
