import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Days, Hours, Instant, type NodeIdentity, Seconds, systemClock } from '@postern/core';
import { memoryLogger, VirtualClock } from '@postern/core/testing';
import {
  type Authority,
  clientTlsOptions,
  type EnrolledNode,
  guardedClient,
  guardedListener,
  openRevocationList,
  peerIdentity,
  type RevocationList,
  refusalReason,
} from '@postern/pki';
import { enrol, makeAuthority, temporaryDirectory } from './support/world.ts';

const SITE: NodeIdentity = { role: 'intermediary', name: 'site-a' };
const PRINTER: NodeIdentity = { role: 'device', name: 'printer-1' };

let authority: Authority;
let site: EnrolledNode;
let printer: EnrolledNode;
let path: string;
/** The CA's clock, an hour behind: lists have to be valid by the machine's. */
let issuing: VirtualClock;
let clock: VirtualClock;
const logger = memoryLogger();
const closing: (() => void)[] = [];

beforeEach(async () => {
  issuing = new VirtualClock(Instant(systemClock.now() - Hours(1)));
  authority = await makeAuthority(issuing);
  site = await enrol(authority, SITE);
  printer = await enrol(authority, PRINTER);
  path = join(await temporaryDirectory(), 'revoked.pem');
  clock = new VirtualClock(systemClock.now());
  logger.lines.length = 0;
  await publish();
});

afterEach(() => {
  for (const close of closing.splice(0)) close();
});

const publish = async (lifetime = Days(7)): Promise<void> =>
  writeFile(path, await authority.crlPem(lifetime));

const open = async (caPem = authority.certificatePem): Promise<RevocationList> => {
  const list = await openRevocationList({ path, caPem, clock, logger, checkEvery: Seconds(10) });
  closing.push(() => list.close());
  return list;
};

/** Lets the list look at its file once; resolves when it has, and there was something to it. */
const looksAgain = async (list: RevocationList): Promise<void> => {
  const changed = new Promise<void>((resolve) => list.onChange(resolve));
  await clock.advance(Seconds(10));
  await changed;
};

/** Lets time pass until the log has another line; the file is read in real time. */
const complains = async (): Promise<string> => {
  const { length } = logger.lines;
  while (logger.lines.length === length) {
    await clock.advance(Seconds(10));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return JSON.stringify(logger.lines.at(-1));
};

const unusable = { code: 'revocation-list-unusable', hint: expect.stringContaining('postern pki crl') };

describe('at the start', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['is missing', () => rm(path)],
    ['is something else', () => writeFile(path, 'no list')],
    ['is a certificate', () => writeFile(path, authority.certificatePem)],
    [
      'is cut off',
      async () => writeFile(path, (await authority.crlPem()).replace(/\n.*\n-----END/, '\n-----END')),
    ],
    ['is outdated', () => publish(Days(-1))],
    ['is of another CA', async () => writeFile(path, await (await makeAuthority()).crlPem())],
  ])('a list that %s is refused, with what to do', async (_, spoil) => {
    await spoil();
    await expect(open()).rejects.toMatchObject(unusable);
  });

  test('says who is revoked, in whichever way a serial number is written', async () => {
    await authority.revoke(printer.serial);
    await publish();
    const list = await open();
    expect(
      [printer.serial, printer.serial.toUpperCase(), `00${printer.serial}`].map((s) => list.isRevoked(s)),
    ).toEqual([true, true, true]);
    expect(list.isRevoked(site.serial)).toBe(false);
  });
});

describe('while the node runs', () => {
  test('a new list comes into force by itself', async () => {
    const list = await open();
    const before = list.crlPem;
    await authority.revoke(printer.serial);
    await publish();
    await looksAgain(list);
    expect(list.crlPem).not.toBe(before);
    expect(list.isRevoked(printer.serial)).toBe(true);
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ['vanishes', () => rm(path), 'does not exist'],
    ['is spoilt', () => writeFile(path, 'no list'), 'does not hold one list'],
    ['is outdated', () => publish(Days(-1)), 'is outdated since'],
  ])('a file that %s is warned of, and the last good list stays', async (_, spoil, what) => {
    await authority.revoke(printer.serial);
    await publish();
    const list = await open();
    await spoil();
    expect(await complains()).toContain(what);
    expect(list.isRevoked(printer.serial)).toBe(true);
    const { length } = logger.lines;
    await clock.advance(Seconds(60));
    expect(logger.lines).toHaveLength(length);
    await publish();
    await looksAgain(list);
  });

  test('an older list than the one in force does not bring a revoked node back', async () => {
    const older = await authority.crlPem();
    await authority.revoke(printer.serial);
    await issuing.advance(Seconds(2));
    await publish();
    const list = await open();
    await writeFile(path, older);
    expect(await complains()).toContain('older than the list in force');
    expect(list.isRevoked(printer.serial)).toBe(true);
  });

  test('it is said in time that the list will be outdated, once an hour', async () => {
    await publish(Hours(9));
    await open();
    await clock.advance(Hours(5));
    expect(logger.lines).toEqual([]);
    await clock.advance(Hours(1));
    expect(await complains()).toContain('soon be outdated');
  });
});

/** A server that tells each client who it is and keeps the connection. */
const serve = async (
  list: RevocationList | undefined,
  clientAuthentication: 'required' | 'requested' = 'required',
) => {
  const { tls, onTlsServer } = guardedListener(site, { clientAuthentication }, list);
  const server = createServer(tls);
  onTlsServer(server);
  server.on('secureConnection', (socket: TLSSocket) => {
    socket.on('error', () => {});
    socket.write(`${peerIdentity(socket)?.name ?? 'nobody'} ${socket.isSessionReused()}`);
  });
  closing.push(() => server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, at: { host: '127.0.0.1', port: (server.address() as AddressInfo).port } };
};

/** @spec A1 */
describe('a listener with a revocation list', () => {
  test('drops the open connection of a peer that is revoked, and no other', async () => {
    const list = await open();
    const { at } = await serve(list);
    const other = await enrol(authority, { role: 'device', name: 'printer-2' });
    const [revoked, kept] = [printer, other].map((node) =>
      connect({ ...clientTlsOptions(node, { expect: SITE }), ...at }),
    ) as [TLSSocket, TLSSocket];
    closing.push(() => kept.destroy());
    for (const [client, name] of [
      [revoked, 'printer-1'],
      [kept, 'printer-2'],
    ] as const) {
      expect(String((await once(client, 'data'))[0])).toBe(`${name} false`);
    }
    await authority.revoke(printer.serial);
    await publish();
    const dropped = once(revoked, 'close');
    revoked.on('error', () => {});
    await looksAgain(list);
    await dropped;
    expect(kept.destroyed).toBe(false);
  });

  test.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'resumes no session of a peer that was revoked: %s',
    async (version) => {
      const list = await open();
      const { server, at } = await serve(list);
      const options = {
        ...clientTlsOptions(printer, { expect: SITE }),
        ...at,
        minVersion: version,
        maxVersion: version,
      };
      const first = connect(options);
      const [session] = (await once(first, 'session')) as [Buffer];
      first.destroy();
      const again = connect({ ...options, session });
      expect(String((await once(again, 'data'))[0])).toBe('printer-1 true');
      again.destroy();

      await authority.revoke(printer.serial);
      await publish();
      await looksAgain(list);
      const refused = once(server, 'tlsClientError');
      const revoked = connect({ ...options, session });
      revoked.on('error', () => {});
      const [error, socket] = (await refused) as [Error, TLSSocket];
      expect(refusalReason(error, socket)).toBe('CERT_REVOKED');
      revoked.destroy();
    },
  );
});

/** @spec A1 */
describe('a caller with a revocation list', () => {
  test('drops its open connection to a server that is revoked, and opens none to it', async () => {
    const list = await open();
    const { at } = await serve(undefined);
    const tls = guardedClient(printer, { expect: SITE }, list);
    expect(tls.current()).toBe(tls.current());
    const before = tls.current();
    const client = connect({ ...before, ...at });
    await once(client, 'secureConnect');
    tls.connected(client);
    await authority.revoke(site.serial);
    await publish();
    const dropped = once(client, 'close');
    await looksAgain(list);
    await dropped;
    expect(tls.current()).not.toBe(before);
    const [error] = await once(connect({ ...tls.current(), ...at }), 'error');
    expect(error).toMatchObject({ code: 'CERT_REVOKED' });
  });

  test('drops a resumed connection with every new list: whose it is is not known any more', async () => {
    const list = await open();
    const { at } = await serve(undefined);
    const tls = guardedClient(printer, { expect: SITE }, list);
    const first = connect({ ...tls.current(), ...at });
    const [session] = (await once(first, 'session')) as [Buffer];
    first.destroy();
    const resumed = connect({ ...tls.current(), ...at, session });
    await once(resumed, 'secureConnect');
    expect(resumed.isSessionReused()).toBe(true);
    tls.connected(resumed);
    await publish();
    const dropped = once(resumed, 'close');
    await looksAgain(list);
    await dropped;
  });
});
