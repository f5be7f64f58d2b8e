import { beforeAll, describe, expect, it } from '@jest/globals';
import { memoryLogger } from '@postern/core/testing';
import type { CapturedConnection, PacketLook, Site } from '@postern/testbed';
import { keepForFile } from '../support/afterwards.ts';
import { tryLogin } from '../support/ftp-caller.ts';
import {
  capturedPassword,
  ended,
  openPrinterSite,
  order,
  PRINTER,
  RELEASE,
  VERIFIED,
} from '../support/printer-site.ts';
import { type Place, streams, text } from './places.ts';
import { leaks, rememberingEntropy, type Secret, siteSecrets } from './secrets.ts';
import { tlsRecords } from './tls-records.ts';

let site: Site;
let secrets: readonly Secret[];
let bulk: PacketLook;
let password: string;
const entropy = rememberingEntropy();
const logger = memoryLogger();

beforeAll(async () => {
  keepForFile();
  site = await openPrinterSite({ entropy, logger, printer: { faults: { ignoreUpdates: 1 } } });
  const update = await order(site);
  if ((await ended(site, update)).state !== VERIFIED.state) throw new Error('The update was not verified');
  secrets = [...entropy.secrets(), ...(await siteSecrets(site.files))];
  bulk = site.taps(PRINTER).proxy.capture();
  password = capturedPassword(site);
});

const bulkPlaces = (): readonly Place[] => [
  text('the control connections', bulk.control.join('\n')),
  ...bulk.data.map(({ command, bytes }) => ({ name: command, bytes })),
  ...streams('bulk connection', site.taps(PRINTER).bulk.capture()),
];

/** @spec X1 X2 X3 U1 B1 */
describe('the bulk path of a whole update with two transfers', () => {
  it('carries the one-time password in clear', () => {
    const passwords = bulk.control.filter((line) => line.startsWith('> PASS '));
    expect(new Set(passwords)).toEqual(new Set([`> PASS ${password}`]));
    expect(secrets.map(({ bytes }) => Buffer.from(bytes).toString('base64url'))).toContain(password);
  });

  it('carries no other secret, in whatever form', () => {
    const others = secrets.filter(({ bytes }) => Buffer.from(bytes).toString('base64url') !== password);
    // Report key and erasure password at least, and of four nodes and the vendor the keys.
    expect(others.length).toBeGreaterThanOrEqual(2 + 8);
    expect(leaks(others, bulkPlaces())).toEqual([]);
  });

  it('carries logins, version reports and the image, and nothing else', () => {
    const verbs = bulk.control
      .filter((line) => line.startsWith('> '))
      .map((line) => line.slice(2).split(' ')[0]);
    expect([...new Set(verbs)].sort()).toEqual([
      'EPSV',
      'PASS',
      'QUIT',
      'RETR',
      'SIZE',
      'STOR',
      'TYPE',
      'USER',
    ]);
    const users = bulk.control.filter((line) => line.startsWith('> USER '));
    expect(new Set(users)).toEqual(new Set([`> USER ${site.name}`]));
    for (const { direction, command, bytes } of bulk.data) {
      if (direction === 'up') {
        expect(command).toBe('STOR image.firmware');
        expect(bytes.equals(RELEASE.content)).toBe(true);
      } else {
        const nonce = /^RETR version-report\.([0-9a-f]{32})$/.exec(command)?.[1];
        expect(bytes.toString('utf8')).toMatch(
          new RegExp(`^firmware=[12]\\.0\\.0\\n@activity=[a-z-]+\\n@nonce=${nonce}\\n@hmac=[0-9a-f]{64}\\n$`),
        );
      }
    }
    expect(bulk.data.filter(({ direction }) => direction === 'up')).toHaveLength(2);
  });

  it('asks with another nonce every time', () => {
    const reports = bulk.data.map(({ command }) => command).filter((command) => command.startsWith('RETR'));
    expect(reports.length).toBeGreaterThanOrEqual(3);
    expect(new Set(reports).size).toBe(reports.length);
  });
});

/** @spec U8 U13 */
describe('the one-time password, after the update', () => {
  it('opens nothing', async () => {
    const { port } = site.taps(PRINTER).device.ftp;
    expect(await tryLogin(port, site.name, password)).toBe('530 Login incorrect');
  });
});

/** @spec A1 U1 U8 */
describe('secure path and uplink', () => {
  it.each<[string, () => readonly CapturedConnection[]]>([
    ['the secure path', () => site.taps(PRINTER).secure.capture()],
    ['what devices call', () => site.callTaps.secureFirewall.capture()],
    ['the uplink', () => site.firewall.capture()],
  ])('of %s all bytes are TLS, and no secret is among them', (name, capture) => {
    const places = streams(name, capture());
    expect(places.length).toBeGreaterThanOrEqual(4);
    for (const { bytes } of places) {
      const records = tlsRecords(bytes);
      expect(records[0]).toBe('handshake');
      expect(records).toContain('application-data');
    }
    expect(leaks(secrets, places)).toEqual([]);
    expect(
      leaks([{ name: 'a node name', bytes: Buffer.from(`urn:postern:intermediary:${site.name}`) }], places),
    )
      // TLS 1.3 hides the certificates of both sides.
      .toEqual([]);
  });
});

/** @spec U9 U13 */
describe('what the tiers say about an update', () => {
  it('holds no secret: neither log lines at any level, nor the journal, nor an answer of the REST API', async () => {
    const { client } = site.operator;
    const updates = await client.listUpdates();
    const journals = await Promise.all(updates.map(({ id }) => client.journal(id)));
    expect(logger.lines.some(({ level }) => level === 'debug')).toBe(true);
    expect(journals.flat().length).toBeGreaterThan(20);
    const places = [
      text('the log', logger.lines),
      text('updates', updates),
      text('journals', journals),
      text('devices', await client.listDevices()),
      text('software', await client.listSoftware()),
    ];
    expect(leaks(secrets, places)).toEqual([]);
  });
});
