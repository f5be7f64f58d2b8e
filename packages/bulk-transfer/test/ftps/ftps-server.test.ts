import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type BulkServer, certificateFingerprint, createBulkServer } from '@postern/bulk-transfer';
import { Seconds, silentLogger, systemClock } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { createFtpsServer } from '../../src/ftps/server/ftps-server.ts';
import { MemoryBulkService } from '../support/memory-bulk-service.ts';
import { RawClient } from '../support/raw-client.ts';
import { selfSigned } from '../support/self-signed.ts';

const tls = selfSigned();

/** Turns a hand-driven client's connection into TLS. */
const handshake = async (socket: Socket, options: ConnectionOptions = {}): Promise<TLSSocket> => {
  socket.removeAllListeners('data');
  const secured = connectTls({ ...options, socket, rejectUnauthorized: false });
  await once(secured, 'secureConnect');
  return secured.on('error', () => {});
};

/** @spec B2 */
describe('FTPS server, command by command', () => {
  let service: MemoryBulkService;
  let server: BulkServer;
  const clock = new VirtualClock();

  beforeEach(async () => {
    service = new MemoryBulkService();
    server = await createFtpsServer({
      service,
      clock,
      logger: silentLogger,
      host: '127.0.0.1',
      port: 0,
      tls,
      mode: 'explicit',
      limits: { loginTime: Seconds(30), dataConnectTime: Seconds(10) },
    });
  });

  afterEach(async () => {
    await server.close();
    expect(clock.pending).toBe(0);
  });

  const plain = async (): Promise<RawClient> => {
    const client = await RawClient.connect(server.port);
    await client.reply();
    return client;
  };

  const secured = async (options?: ConnectionOptions): Promise<RawClient<TLSSocket>> => {
    const client = await plain();
    expect(await client.command('AUTH TLS')).toMatch(/^234 /);
    return RawClient.over(await handshake(client.socket, options));
  };

  const loggedIn = async (): Promise<RawClient<TLSSocket>> => {
    const client = await secured();
    await client.command(`USER ${service.userName}`);
    expect(await client.command(`PASS ${service.password}`)).toMatch(/^230 /);
    expect(await client.command('PBSZ 0')).toMatch(/^200 /);
    return client;
  };

  const dataPort = async (client: RawClient): Promise<number> =>
    Number(/\|\|\|(\d+)\|/.exec(await client.command('EPSV'))?.[1]);

  const socketTo = async (port: number): Promise<Socket> => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  };

  it.each([
    ['FEAT', /^211-Features\n AUTH TLS\n PBSZ\n PROT\n/],
    ['AUTH SSL', /^504 /],
    ['AUTH', /^501 /],
    ['USER updater-1', /^530 AUTH TLS comes first/],
    ['PASS x', /^530 /],
    ['PBSZ 0', /^530 /],
    ['PROT P', /^530 /],
    ['NOOP', /^530 /],
    ['QUIT', /^221 /],
  ])('in the clear: %s', async (command, expected) => {
    const client = await plain();
    expect(await client.command(command)).toMatch(expected);
    expect(service.logins).toEqual([]);
  });

  it.each([
    ['AUTH TLS', /^503 /],
    ['PROT X', /^504 /],
    ['PROT C', /^534 /],
    ['PROT S', /^534 /],
    ['PROT P', /^200 /],
    ['PBSZ x', /^501 /],
    ['CCC', /^502 /],
    ['STOR image.bin', /^521 /],
    ['HELP', /^214-Commands\n .*AUTH PBSZ PROT/],
  ])('logged in: %s', async (command, expected) => {
    const client = await loggedIn();
    expect(await client.command(command)).toMatch(expected);
  });

  it('wants PBSZ before PROT', async () => {
    const client = await secured();
    expect(await client.command('PROT P')).toMatch(/^503 /);
  });

  it.each([
    ['a command', 'AUTH TLS\r\nUSER updater-1\r\n'],
    ['half a command', 'AUTH TLS\r\nUSER upd'],
    ['a handshake', 'AUTH TLS\r\n\u0016\u0003\u0001'],
  ])('drops who sends %s behind AUTH in the clear', async (_what, sent) => {
    const client = await plain();
    client.socket.write(sent);
    expect(await client.reply()).toMatch(/^421 /);
    await client.gone;
    expect(service.logins).toEqual([]);
  });

  it('takes nothing that came in the clear for what comes encrypted', async () => {
    const client = await plain();
    expect(await client.command('AUTH TLS')).toMatch(/^234 /);
    client.socket.write(`USER ${service.userName}\r\nPASS ${service.password}\r\n`);
    await client.gone;
    expect(service.logins).toEqual([]);
  });

  it('takes no TLS older than 1.2', async () => {
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
    await expect(secured(old)).rejects.toMatchObject({ code: expect.any(String) });
  });

  it('drops who does not finish the handshake', async () => {
    const client = await plain();
    expect(await client.command('AUTH TLS')).toMatch(/^234 /);
    await clock.advance(Seconds(30));
    await client.gone;
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'takes a data connection that resumes the session, and no other: %s',
    async (version) => {
      const client = await RawClient.over(
        await (async () => {
          const first = await plain();
          await first.command('AUTH TLS');
          return handshake(first.socket, { maxVersion: version });
        })(),
      );
      await client.command(`USER ${service.userName}`);
      await client.command(`PASS ${service.password}`);
      await client.command('PBSZ 0');
      await client.command('PROT P');
      const port = await dataPort(client);
      // A thief on the same machine is quicker, has a session of its own, and is thrown out.
      const other = await secured({ maxVersion: version });
      await other.command('NOOP');
      const foreign = other.socket.getSession();
      const thief = connectTls({
        maxVersion: version,
        socket: await socketTo(port),
        rejectUnauthorized: false,
        ...(foreign === undefined ? {} : { session: foreign }),
      });
      thief.on('error', () => {}).resume();
      await new Promise((resolve) => thief.once('close', resolve));

      const session = client.socket.getSession();
      expect(await client.command('STOR image.bin')).toMatch(/^150 /);
      const own = await handshake(await socketTo(port), {
        maxVersion: version,
        ...(session === undefined ? {} : { session }),
      });
      own.end('mine');
      expect(await client.reply()).toMatch(/^226 4 bytes taken/);
      expect(service.held('image.bin').toString()).toBe('mine');
    },
  );

  it('takes no data in the clear', async () => {
    const client = await loggedIn();
    await client.command('PROT P');
    const port = await dataPort(client);
    expect(await client.command('STOR image.bin')).toMatch(/^150 /);
    const data = await socketTo(port);
    data.resume().end('in the clear');
    await once(data, 'close');
    await clock.advance(Seconds(10));
    expect(await client.reply()).toMatch(/^425 /);
    expect(service.receivedBytes).toBe(0);
    expect(service.ends).toEqual(['aborted']);
  });

  it('keeps the client in when strangers hold their handshakes', async () => {
    const client = await loggedIn();
    await client.command('PROT P');
    const port = await dataPort(client);
    const strangers = await Promise.all([socketTo(port), socketTo(port), socketTo(port)]);
    expect(await client.command('STOR image.bin')).toMatch(/^150 /);
    const session = client.socket.getSession();
    const own = await handshake(await socketTo(port), session === undefined ? {} : { session });
    own.end('mine');
    expect(await client.reply()).toMatch(/^226 /);
    await Promise.all(strangers.map((socket) => socket.destroyed || once(socket.resume(), 'close')));
  });
});

/** @spec B2 */
describe('FTPS server', () => {
  const options = {
    service: new MemoryBulkService(),
    clock: systemClock,
    logger: silentLogger,
    host: '127.0.0.1',
    port: 0,
  };

  it('tells the fingerprint of its certificate', async () => {
    const server = await createBulkServer('ftps-implicit', { ...options, tls });
    expect(server.fingerprint).toBe(certificateFingerprint(tls.cert));
    await server.close();
  });

  it.each([
    ['no key', undefined],
    ['garbage', { key: 'x', cert: 'y' }],
    ['the key of another', { key: selfSigned().key, cert: tls.cert }],
  ])('does not start with %s', async (_what, identity) => {
    await expect(createBulkServer('ftps-explicit', { ...options, tls: identity })).rejects.toMatchObject({
      code: 'bulk-identity-unusable',
    });
  });
});
