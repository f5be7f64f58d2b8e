import { describe, expect, it } from '@jest/globals';
import type { BulkPathKind, Party } from '@postern/software-update';
import type { Site } from '@postern/testbed';
import { tryLogin } from '../support/ftp-caller.ts';
import { ended, imageOf, openPrinterSite, order, PRINTER, VERIFIED } from '../support/printer-site.ts';
import { tapDataConnections } from './data-tap.ts';
import { type Place, streams } from './places.ts';
import { leaks, rememberingEntropy, type Secret, siteSecrets } from './secrets.ts';
import { tlsRecords } from './tls-records.ts';

/** Without any pattern, so that a piece of it can be found. */
const CONTENT = imageOf('an image to look for', 65_536);
const RELEASE = { version: '2.0.0', releaseCounter: 2, content: CONTENT };

/** Pieces of the image that would show it wherever it crosses in clear. */
const IMAGE: readonly Secret[] = [0, 4_096, 32_768, 65_504].map((at) => ({
  name: `the image from byte ${at} on`,
  bytes: CONTENT.subarray(at, at + 32),
}));

interface Seen {
  readonly site: Site;
  readonly secrets: readonly Secret[];
  /** What crossed the bulk path; of FTP and FTPS the control connections. */
  readonly bulk: readonly Place[];
  /** The data connections of FTPS. */
  readonly data: readonly Place[];
  /** What crossed plain paths beside it. */
  readonly plain: readonly Place[];
}

/** One whole update, asked for in plain HTTP where the device makes the password. */
const update = async (bulkPathKind: BulkPathKind, passwordGenerator: Party): Promise<Seen> => {
  const entropy = rememberingEntropy();
  const site = await openPrinterSite({
    entropy,
    printer: {
      bulkPathKind,
      plain: true,
      link: { passwordGenerator, invalidation: 'request', plainRequests: true },
    },
  });
  const ftps = bulkPathKind.startsWith('ftps') ? await tapDataConnections(site, PRINTER) : undefined;
  expect(await ended(site, await order(site, RELEASE))).toEqual(VERIFIED);
  const { bulk, plain } = site.taps(PRINTER);
  return {
    site,
    secrets: [...entropy.secrets(), ...(await siteSecrets(site.files))],
    bulk: streams('bulk connection', bulk.capture()),
    data: streams('data connection', ftps?.capture() ?? []),
    plain: [
      ...streams('plain request', plain.capture()),
      ...streams('notice', site.callTaps.noticeFirewall.capture()),
    ],
  };
};

describe.each<Party>(['updater', 'target'])('an update whose password the %s makes', (maker) => {
  /** @spec U1 U12 U15 B1 */
  it('shows over FTP the image, and of its secrets the password at the logins, and nowhere else', async () => {
    const { site, secrets, bulk, plain } = await update('ftp', maker);
    const { data, control } = site.taps(PRINTER).proxy.capture();
    const sent = data.map(({ command, bytes }) => ({ name: command, bytes }));
    expect(leaks(IMAGE, sent)).toEqual(IMAGE.map(({ name }) => `${name} in STOR image.firmware`));

    const [password] = new Set(control.filter((line) => line.startsWith('> PASS ')));
    const [shown] = secrets.filter(
      ({ bytes }) => `> PASS ${Buffer.from(bytes).toString('base64url')}` === password,
    );
    if (shown === undefined) throw new TypeError('The password is none of the secrets');
    const others = secrets.filter(({ name }) => name !== shown.name);
    expect(others.length).toBeGreaterThanOrEqual(8);
    expect(leaks(others, [...bulk, ...sent])).toEqual([]);
    expect(leaks([shown], [...bulk, ...sent]).length).toBeGreaterThan(0);
    expect(leaks([shown], sent)).toEqual([]);

    // A request in plain HTTP has ended it.
    const { port } = site.taps(PRINTER).device.ftp;
    expect(await tryLogin(port, site.name, `${password}`.slice('> PASS '.length))).toBe(
      '530 Login incorrect',
    );
    const said = plain.map(({ bytes }) => bytes.toString('latin1')).join();
    expect(said).toContain('InvalidateOneTimePassword');
    expect(said.includes('GenerateOneTimePassword')).toBe(maker === 'target');
    expect(leaks(secrets, plain)).toEqual([]);
  });

  /** @spec U1 U12 U15 B3 */
  it('shows over SFTP neither image nor any secret', async () => {
    const { secrets, bulk, plain } = await update('sftp', maker);
    expect(bulk.map(({ bytes }) => bytes.subarray(0, 4).toString('latin1'))).toEqual(bulk.map(() => 'SSH-'));
    const carried = bulk.reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(carried).toBeGreaterThan(CONTENT.length);
    expect(leaks([...secrets, ...IMAGE], [...bulk, ...plain])).toEqual([]);
  });

  /** @spec U1 U12 U15 B2 */
  it('shows over implicit FTPS nothing but TLS', async () => {
    const { secrets, bulk, data, plain } = await update('ftps-implicit', maker);
    expectTlsAlone(data);
    expect(bulk.length).toBeGreaterThan(0);
    for (const { bytes } of bulk) expect(tlsRecords(bytes)[0]).toBe('handshake');
    expect(leaks([...secrets, ...IMAGE], [...bulk, ...data, ...plain])).toEqual([]);
  });

  /** @spec U1 U12 U15 B2 */
  it('shows over explicit FTPS the wish for TLS, then nothing but TLS', async () => {
    const { secrets, bulk, data, plain } = await update('ftps-explicit', maker);
    expectTlsAlone(data);
    expect(bulk.length).toBeGreaterThan(0);
    for (const { name, bytes } of bulk) {
      const clear = name.endsWith('up') ? 'AUTH TLS\r\n' : clearReplies(bytes);
      expect(bytes.subarray(0, clear.length).toString('latin1')).toBe(clear);
      expect(tlsRecords(bytes.subarray(clear.length))[0]).toBe('handshake');
    }
    expect(leaks([...secrets, ...IMAGE], [...bulk, ...data, ...plain])).toEqual([]);
  });
});

/** Two version reports and the image, both ways. */
const expectTlsAlone = (data: readonly Place[]): void => {
  expect(data).toHaveLength(2 * 3);
  expect(data.reduce((sum, { bytes }) => sum + bytes.length, 0)).toBeGreaterThan(CONTENT.length);
  for (const { bytes } of data) expect(tlsRecords(bytes)[0]).toBe('handshake');
};

/** The greeting and the reply to AUTH TLS. */
const clearReplies = (bytes: Buffer): string =>
  /^220 .*\r\n234 .*\r\n/.exec(bytes.toString('latin1'))?.[0] ?? 'no such replies';
