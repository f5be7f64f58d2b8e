import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createFtpServer } from '@postern/bulk-transfer/ftp-server';
import { silentLogger, systemClock } from '@postern/core';
import { MemoryBulkService } from '../../support/memory-bulk-service.ts';
import { dataTo, RawClient, readAll } from '../../support/raw-client.ts';
import { type Site, startSite } from '../../support/site.ts';

/** @spec B1 */
describe('FTP server, command by command', () => {
  let site: Site;

  beforeEach(async () => {
    site = await startSite();
  });

  afterEach(async () => {
    await site.server.close();
  });

  it.each([
    ['SYST', /^215 /],
    ['FEAT', /^211-Features\n EPSV\n.* REST STREAM\n.*\n211 End$/s],
    ['HELP', /^214-/],
    ['PWD', /^257 "\/"/],
    ['CWD /', /^250 /],
    ['CWD /etc', /^550 /],
    ['TYPE I', /^200 /],
    ['TYPE A', /^200 /],
    ['TYPE E', /^504 /],
    ['MODE S', /^200 /],
    ['MODE B', /^504 /],
    ['STRU F', /^200 /],
    ['STRU R', /^504 /],
    ['OPTS UTF8 ON', /^200 /],
    ['OPTS MLST size', /^501 /],
    ['NOOP', /^200 /],
    ['ABOR', /^226 /],
    ['SIZE version.txt', /^213 9$/],
    ['SIZE nothing', /^550 /],
    ['SIZE ../x', /^553 /],
    ['MDTM version.txt', /^502 /],
    ['MLST version.txt', /^250-Listing\n type=file;size=9;perm=r; version.txt\n250 End$/],
    ['MLST', /^250-Listing\n type=dir;perm=el; \/\n250 End$/],
    ['REST abc', /^501 /],
    ['REST 99999999999999999999', /^501 /],
    ['EPSV 2', /^522 /],
    ['PORT 127,0,0,1,10,10', /^502 Active mode is refused/],
    ['EPRT |1|127.0.0.1|2570|', /^502 Active mode is refused/],
    ['LIST', /^425 /],
    ['QUIT', /^221 /],
  ])('%s', async (command, expected) => {
    const client = await site.raw();
    expect(await client.command(command)).toMatch(expected);
  });

  it.each([
    ['LIST -la', /version\.txt\r\n.*image\.bin\r\n$/],
    ['LIST version.txt', /^-r.* version\.txt\r\n$/],
    ['NLST', /^version\.txt\r\nimage\.bin\r\n$/],
    ['MLSD', /^type=file;size=9;perm=r; version\.txt\r\n/],
    ['RETR version.txt', /^main=1\.0\n$/],
  ])('%s over a data connection', async (command, expected) => {
    const client = await site.raw();
    const content = readAll(await client.data());
    expect(await client.command(command)).toMatch(/^150 /);
    expect(await content).toMatch(expected);
    expect(await client.reply()).toMatch(/^226 /);
  });

  it('retrieves from an offset, once', async () => {
    const client = await site.raw();
    expect(await client.command('REST 5')).toMatch(/^350 /);
    const tail = readAll(await client.data());
    await client.command('RETR version.txt');
    expect(await tail).toBe('1.0\n');
    await client.reply();
    const whole = readAll(await client.data());
    await client.command('RETR version.txt');
    expect(await whole).toBe('main=1.0\n');
  });

  it('forgets REST when another command comes between', async () => {
    const client = await site.raw();
    await client.command('REST 5');
    await client.command('NOOP');
    await upload(client, 'STOR image.bin', 'abc');
    expect(site.service.begun).toEqual([{ name: 'image.bin', offset: 0 }]);
  });

  it('stores behind a restart offset and appends behind what is held', async () => {
    const client = await site.raw();
    await upload(client, 'STOR image.bin', 'abcdef');
    await client.command('REST 3');
    await upload(client, 'STOR image.bin', 'DEF');
    await upload(client, 'APPE image.bin', 'ghi');
    expect(site.service.held('image.bin').toString()).toBe('abcDEFghi');
    expect(site.service.begun.map(({ offset }) => offset)).toEqual([0, 3, 6]);
  });

  it('opens a port by PASV and tells it in RFC 959 form', async () => {
    const client = await site.raw();
    const answer = await client.command('PASV');
    const [, high, low] = /\(127,0,0,1,(\d+),(\d+)\)/.exec(answer) ?? [];
    const content = readAll(await dataTo(Number(high) * 256 + Number(low)));
    await client.command('NLST');
    expect(await content).toContain('image.bin');
    expect(await client.command('EPSV ALL')).toMatch(/^226 /);
    expect(await client.reply()).toMatch(/^200 /);
    expect(await client.command('PASV')).toMatch(/^503 /);
  });

  it('takes data only from the address of the control connection', async () => {
    const client = await site.raw();
    const port = Number(/\|\|\|(\d+)\|/.exec(await client.command('EPSV'))?.[1]);
    await refusedFrom(port, '127.0.0.2');
    const own = await dataTo(port);
    expect(await client.command('STOR image.bin')).toMatch(/^150 /);
    own.end('mine');
    expect(await client.reply()).toMatch(/^226 4 bytes taken/);
  });

  it('takes one data connection and closes the port', async () => {
    const client = await site.raw();
    const port = Number(/\|\|\|(\d+)\|/.exec(await client.command('EPSV'))?.[1]);
    await dataTo(port);
    // The server has accepted as soon as it answers the next command, and listens no more.
    await client.command('NOOP');
    await expect(dataTo(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('answers pipelined and split commands in order', async () => {
    const client = await site.raw();
    client.socket.write('PWD\r\nSIZE version.txt\r\nNO');
    expect(await client.reply()).toMatch(/^257 /);
    expect(await client.reply()).toMatch(/^213 9/);
    client.socket.write('OP\r\n');
    expect(await client.reply()).toMatch(/^200 /);
  });

  it('drops a client that sends too many commands at once', async () => {
    const client = await site.raw();
    client.socket.write('NOOP\r\n'.repeat(1_000));
    await client.gone;
    expect(site.service.endedSessions).toBe(1);
  });

  it('survives oversized and garbage lines', async () => {
    const client = await site.raw();
    expect(await client.command('A'.repeat(100_000))).toMatch(/^500 Command line too long/);
    expect(await client.command('GET / HTTP/1.1')).toMatch(/^502 /);
    expect(await client.command('SIZE a\0b')).toMatch(/^501 /);
    expect(await client.command('STOR ../../etc/passwd')).toMatch(/^425 /);
    expect(await client.command('NOOP')).toMatch(/^200 /);
  });

  it('breaks a transfer off on ABOR', async () => {
    const client = await site.raw();
    const data = await client.data();
    await client.command('STOR image.bin');
    data.write('part');
    await site.service.until(() => site.service.receivedBytes === 4);
    expect(await client.command('ABOR')).toMatch(/^426 Transfer aborted/);
    expect(await client.reply()).toMatch(/^226 /);
    expect(site.service.ends).toEqual(['aborted']);
    expect(await client.command('NOOP')).toMatch(/^200 /);
  });

  it('gives an upload up when the client dies', async () => {
    const client = await site.raw();
    const data = await client.data();
    await client.command('STOR image.bin');
    data.write('part');
    await site.service.until(() => site.service.receivedBytes === 4);
    client.socket.destroy();
    await site.service.until(() => site.service.ends.length === 1 && site.service.endedSessions === 1);
    expect(site.service.ends).toEqual(['aborted']);
    expect(site.service.held('image.bin').toString()).toBe('part');
    await once(data, 'close');
  });

  it('tells a broken data connection from a finished one', async () => {
    const client = await site.raw();
    const data = await client.data();
    await client.command('STOR image.bin');
    data.write('part');
    await site.service.until(() => site.service.receivedBytes === 4);
    data.resetAndDestroy();
    expect(await client.reply()).toMatch(/^426 Data connection lost/);
    expect(site.service.ends).toEqual(['aborted']);
  });

  it('drops a connection after too many wrong logins', async () => {
    const client = await RawClient.connect(site.server.port);
    await client.reply();
    for (const code of ['530', '530', '421']) {
      await client.command('USER updater-1');
      expect((await client.command('PASS wrong')).slice(0, 3)).toBe(code);
    }
    await client.gone;
    expect(site.service.endedSessions).toBe(0);
  });

  it('runs a hundred servers in one process', async () => {
    const sites = await Promise.all(Array.from({ length: 100 }, () => startSite()));
    await Promise.all(
      sites.map(async (one, index) => upload(await one.raw(), 'STOR image.bin', `device ${index}`)),
    );
    expect(sites.map((one) => one.service.held('image.bin').toString())).toEqual(
      sites.map((_, index) => `device ${index}`),
    );
    await Promise.all(sites.map((one) => one.server.close()));
    expect(sites.every((one) => one.service.endedSessions === 1)).toBe(true);
  });

  it('says when it cannot listen', async () => {
    const options = { service: new MemoryBulkService(), clock: systemClock, logger: silentLogger };
    await expect(
      createFtpServer({ ...options, host: '127.0.0.1', port: site.server.port }),
    ).rejects.toMatchObject({
      code: 'bulk-listen-failed',
      cause: expect.objectContaining({ code: 'EADDRINUSE' }),
    });
  });
});

/** Connects and resolves when the server has thrown the connection out, which may be before it is noticed here. */
const refusedFrom = (port: number, localAddress: string): Promise<void> =>
  new Promise((resolve) => {
    connect({ host: '127.0.0.1', port, localAddress })
      .on('error', () => {})
      .once('close', () => resolve());
  });

const upload = async (client: RawClient, command: string, content: string): Promise<Socket> => {
  const data = await client.data();
  expect(await client.command(command)).toMatch(/^150 /);
  data.end(content);
  expect(await client.reply()).toMatch(/^226 /);
  return data;
};
