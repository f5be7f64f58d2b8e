import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type BulkServer,
  createBulkServer,
  generateSshHostKey,
  sshHostKeyFingerprint,
} from '@postern/bulk-transfer';
import { silentLogger, systemClock } from '@postern/core';
import ssh2, { type ConnectConfig, type FileEntryWithStats, type SFTPWrapper } from 'ssh2';
import type { SftpLimits } from '../../src/sftp/server/limits.ts';
import { createSftpServer } from '../../src/sftp/server/sftp-server.ts';
import { MemoryBulkService } from '../support/memory-bulk-service.ts';
import { answered, SshClient } from '../support/ssh-client.ts';

const hostKey = generateSshHostKey();
const { OPEN_MODE, STATUS_CODE } = ssh2.utils.sftp;
const WRITE = OPEN_MODE.WRITE | OPEN_MODE.CREAT;

/** @spec B3 */
describe('SFTP server', () => {
  let service: MemoryBulkService;
  let server: BulkServer;
  let client: SshClient;

  const start = async (limits: Partial<SftpLimits> = {}): Promise<void> => {
    service = new MemoryBulkService();
    const options = { service, clock: systemClock, logger: silentLogger, host: '127.0.0.1', port: 0 };
    server = await createSftpServer({ ...options, hostKey, limits });
    client = new SshClient();
  };

  const login = (changes: ConnectConfig = {}): Promise<void> =>
    client.login(server.port, { username: service.userName, password: service.password, ...changes });

  const files = async (): Promise<SFTPWrapper> => {
    await login();
    return client.sftp();
  };

  const open = (sftp: SFTPWrapper, name: string, flags: number): Promise<Buffer> =>
    answered((done) => sftp.open(name, flags, done));

  const write = (sftp: SFTPWrapper, handle: Buffer, at: number, text: string): Promise<unknown> =>
    answered((done) => sftp.write(handle, Buffer.from(text), 0, text.length, at, (error) => done(error, 0)));

  const close = (sftp: SFTPWrapper, handle: Buffer): Promise<unknown> =>
    answered((done) => sftp.close(handle, (error) => done(error, 0)));

  beforeEach(() => start());

  afterEach(async () => {
    client.client.end();
    await server.close();
    expect(service.ends).toHaveLength(service.begun.length);
  });

  it('has the key that it tells', async () => {
    let seen = '';
    await login({
      hostVerifier: (key: Buffer) => {
        seen = createHash('sha256').update(key).digest('hex');
        return true;
      },
    });
    expect(seen).toBe(server.fingerprint);
  });

  it.each<[string, (client: SshClient) => Promise<unknown>]>([
    ['shell', (one) => one.shell()],
    ['exec', (one) => one.exec('id')],
    ['forwarding', (one) => one.forward()],
    ['listening', (one) => one.listen()],
    ['another subsystem', (one) => one.subsystem('netconf')],
  ])('has no %s', async (_what, attempt) => {
    await login();
    await expect(attempt(client)).rejects.toBeInstanceOf(Error);
    await expect(client.sftp()).resolves.toBeDefined();
  });

  it('opens one channel', async () => {
    await files();
    await expect(client.sftp()).rejects.toBeInstanceOf(Error);
  });

  it('takes passwords and nothing else', async () => {
    const methods: string[] = [];
    await expect(
      login({
        authHandler: (left) => {
          methods.push(...((left as string[] | null) ?? []));
          return methods.length === 0
            ? { type: 'publickey', username: service.userName, key: generateSshHostKey() }
            : (false as never);
        },
      }),
    ).rejects.toMatchObject({ level: 'client-authentication' });
    expect(methods).toEqual(['password']);
    expect(service.logins).toEqual([]);
  });

  it.each([
    ['wrong passwords', { wrongLogins: 2 }, 'password', 2],
    ['questions', { authRequests: 3 }, 'none', 0],
  ])('drops a connection after too many %s', async (_what, limits, type, asked) => {
    await server.close();
    await start(limits);
    let tries = 0;
    const failed = login({
      authHandler: () => {
        tries += 1;
        return { type, username: service.userName, password: 'wrong' } as never;
      },
    });
    await expect(failed).rejects.toBeDefined();
    await client.gone;
    expect(tries).toBeLessThanOrEqual(4);
    expect(service.logins).toHaveLength(asked);
  });

  it('lists, tells paths and attributes', async () => {
    const sftp = await files();
    const entries = await answered<FileEntryWithStats[]>((done) => sftp.readdir('/', done));
    expect(
      entries.map(({ filename, attrs }) => `${filename} ${attrs.size} ${attrs.mode.toString(8)}`),
    ).toEqual(['version.txt 9 100400', 'image.bin 0 100200']);
    expect(await answered((done) => sftp.realpath('.', done))).toBe('/');
    expect(await answered((done) => sftp.realpath('./image.bin', done))).toBe('/image.bin');
    const root = await answered<{ isDirectory(): boolean }>((done) => sftp.lstat('/', done as never));
    expect(root.isDirectory()).toBe(true);
    await expect(answered((done) => sftp.readdir('/etc', done))).rejects.toMatchObject({
      code: STATUS_CODE.NO_SUCH_FILE,
    });
  });

  it.each([
    ['../version.txt', OPEN_MODE.READ, STATUS_CODE.PERMISSION_DENIED],
    ['/etc/passwd', OPEN_MODE.READ, STATUS_CODE.PERMISSION_DENIED],
    ['a\u0000b', OPEN_MODE.READ, STATUS_CODE.PERMISSION_DENIED],
    ['/', OPEN_MODE.READ, STATUS_CODE.PERMISSION_DENIED],
    ['nothing', OPEN_MODE.READ, STATUS_CODE.NO_SUCH_FILE],
    ['nothing', WRITE, STATUS_CODE.NO_SUCH_FILE],
    ['image.bin', WRITE | OPEN_MODE.EXCL, STATUS_CODE.OP_UNSUPPORTED],
  ])('does not open %j with %d', async (name, flags, code) => {
    await expect(open(await files(), name, flags)).rejects.toMatchObject({ code });
  });

  it('changes nothing else', async () => {
    const sftp = await files();
    for (const attempt of [
      (done: never) => sftp.unlink('image.bin', done),
      (done: never) => sftp.rename('image.bin', 'x', done),
      (done: never) => sftp.mkdir('x', done),
      (done: never) => sftp.rmdir('x', done),
      (done: never) => sftp.symlink('x', 'y', done),
      (done: never) => sftp.setstat('image.bin', { size: 3 }, done),
    ]) {
      await expect(answered((done) => attempt(done as never))).rejects.toMatchObject({
        code: STATUS_CODE.OP_UNSUPPORTED,
      });
    }
    await expect(answered((done) => sftp.chmod('image.bin', 0o600, done as never))).resolves.toBeUndefined();
  });

  it('takes bytes in their order and no other', async () => {
    const sftp = await files();
    const handle = await open(sftp, 'image.bin', WRITE | OPEN_MODE.TRUNC);
    await write(sftp, handle, 0, 'abc');
    const disorder = { message: expect.stringContaining('550 transfer-out-of-order: Byte 3') };
    await expect(write(sftp, handle, 7, 'x')).rejects.toMatchObject(disorder);
    // From there on the upload is lost, and its end tells so.
    await expect(write(sftp, handle, 3, 'def')).rejects.toMatchObject(disorder);
    await expect(close(sftp, handle)).rejects.toMatchObject(disorder);
    expect(service.ends).toEqual(['aborted']);
    expect(service.held('image.bin').toString()).toBe('abc');
  });

  it('finishes an upload that had all its bytes already', async () => {
    service.uploads.set('image.bin', [Buffer.from('whole')]);
    const sftp = await files();
    await close(sftp, await open(sftp, 'image.bin', WRITE));
    expect(service.begun).toEqual([{ name: 'image.bin', offset: 5 }]);
    expect(service.ends).toEqual(['finished']);
  });

  it('has one upload open, and few files', async () => {
    const sftp = await files();
    await open(sftp, 'image.bin', WRITE | OPEN_MODE.TRUNC);
    await expect(open(sftp, 'image.bin', WRITE)).rejects.toMatchObject({
      message: expect.stringContaining('450 Another upload'),
    });
    for (let count = 1; count < 8; count += 1) await open(sftp, 'version.txt', OPEN_MODE.READ);
    await expect(open(sftp, 'version.txt', OPEN_MODE.READ)).rejects.toMatchObject({
      message: expect.stringContaining('450 Too many'),
    });
    client.client.end();
    await service.until(() => service.ends.length === 1);
    expect(service.ends).toEqual(['aborted']);
  });

  it('knows no handle that it did not give, nor one for the other purpose', async () => {
    const sftp = await files();
    const code = STATUS_CODE.OP_UNSUPPORTED;
    for (const handle of [Buffer.alloc(0), Buffer.from('nope'), Buffer.alloc(200)]) {
      await expect(close(sftp, handle)).rejects.toMatchObject({ code });
      await expect(write(sftp, handle, 0, 'x')).rejects.toMatchObject({ code });
    }
    const reading = await open(sftp, 'version.txt', OPEN_MODE.READ);
    await expect(write(sftp, reading, 0, 'x')).rejects.toMatchObject({ code });
  });

  it('reads no further while the receiver is busy', async () => {
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    service.beforeWrite = () => gate;
    service.discard = true;
    const sock = connect(server.port, '127.0.0.1');
    await login({ sock });
    const channel = await client.subsystem('sftp');
    channel.resume();
    const size = 31 * 1_024;
    const count = 1_500;
    channel.write(packet(1, u32(3)));
    channel.write(packet(3, u32(1), field('image.bin'), u32(WRITE | OPEN_MODE.TRUNC), u32(0)));
    for (let index = 0; index < count; index += 1) {
      const head = [u32(index + 2), field(u32(1)), u32(0), u32(index * size)];
      channel.write(packet(6, ...head, field(Buffer.alloc(size))));
    }
    const sent = (): number => sock.bytesWritten - sock.writableLength;
    for (let quiet = 0, before = -1; quiet < 50; quiet = before === sent() ? quiet + 1 : 0, before = sent()) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    // The window of the channel and what the system keeps, of 46 MB.
    expect(sent()).toBeLessThan(12 * 1_024 * 1_024);
    release();
    await service.until(() => service.receivedBytes === count * size);
    client.client.end();
    await service.until(() => service.ends.length === 1);
  });

  it('drops a client that takes no answers', async () => {
    service.files.set('version.txt', Buffer.alloc(32 * 1_024));
    await login();
    const channel = await client.subsystem('sftp');
    const requests = [packet(1, u32(3)), packet(3, u32(1), field('version.txt'), u32(1), u32(0))];
    // The first handle is 1; more answers are asked for than the window of a channel that is not read lets through.
    for (let id = 2; id < 400; id += 1) {
      requests.push(packet(5, u32(id), field(u32(1)), u32(0), u32(0), u32(32 * 1_024)));
    }
    channel.write(Buffer.concat(requests));
    await client.gone;
    expect(service.endedSessions).toBe(1);
  });

  it.each([
    ['an endless packet', u32(0x7fffffff)],
    ['an empty packet', u32(0)],
    ['a request before its version', packet(16, u32(1), field('/'))],
    ['garbage', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ])('closes the channel on %s', async (_what, bytes) => {
    await login();
    const channel = await client.subsystem('sftp');
    const closed = new Promise((resolve) => channel.once('close', resolve));
    channel.resume().write(bytes);
    await closed;
  });

  it('closes the channel when the client has said all', async () => {
    await login();
    const channel = await client.subsystem('sftp');
    const closed = new Promise((resolve) => channel.once('close', resolve));
    channel.resume().end(packet(1, u32(3)));
    await closed;
  });
});

/** @spec B3 */
describe('SSH host keys', () => {
  it('can all be read back, and have the fingerprint of their public part', () => {
    for (let count = 0; count < 300; count += 1) {
      const key = generateSshHostKey();
      const parsed = ssh2.utils.parseKey(key);
      if (parsed instanceof Error) throw parsed;
      const data = Buffer.from('signed');
      expect(parsed.verify(data, parsed.sign(data))).toBe(true);
      expect(sshHostKeyFingerprint(key)).toMatch(/^[0-9a-f]{64}$/);
    }
    expect(sshHostKeyFingerprint(hostKey)).not.toBe(sshHostKeyFingerprint(generateSshHostKey()));
  });

  it.each([
    ['none', undefined],
    ['garbage', 'x'],
    ['a public key', 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGtl host'],
    ['a cut key', hostKey.replace(/\n.{70}\n/, '\n')],
  ])('are refused at the start: %s', async (_what, key) => {
    const options = {
      service: new MemoryBulkService(),
      clock: systemClock,
      logger: silentLogger,
      host: '127.0.0.1',
      port: 0,
    };
    await expect(createBulkServer('sftp', { ...options, hostKey: key })).rejects.toMatchObject({
      code: 'bulk-identity-unusable',
    });
  });
});

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([u32(bytes.length), bytes]);
}

function packet(type: number, ...parts: Buffer[]): Buffer {
  return field(Buffer.concat([Buffer.from([type]), ...parts]));
}
