import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { bulkPaths } from '@postern/bulk-transfer';
import { PosternError, Seconds, silentLogger, systemClock } from '@postern/core';
import { memoryLogger, VirtualClock } from '@postern/core/testing';
import type { BulkPathKind } from '@postern/software-update';
import { KINDS, type KindSite, startKind } from './support/kind-site.ts';
import { chunks, neverAborted } from './support/site.ts';

/**
 * What every kind of the bulk path does, over real sockets. A further kind joins by its name in `KINDS`.
 *
 * @spec B1 B2 B3
 */
describe.each(KINDS)('bulk path %s', (kind) => {
  let site: KindSite;

  beforeEach(async () => {
    site = await startKind(kind);
  });

  afterEach(async () => {
    await site.server.close();
    // Whatever happened, each session was told once that it ended, and each upload got one end.
    expect(site.service.ends).toHaveLength(site.service.begun.length);
  });

  it('retrieves the report, tells sizes and says goodbye', async () => {
    const session = await site.open();
    const report = await session.retrieve('version.txt', 1_000, neverAborted);
    expect(Buffer.from(report).toString()).toBe('main=1.0\n');
    expect(await session.size('version.txt', neverAborted)).toBe(9);
    expect(await session.size('image.bin', neverAborted)).toBe(0);
    expect(await session.size('nothing', neverAborted)).toBe(0);
    await session.close(Seconds(5));
    await session.closed;
    await site.service.until(() => site.service.endedSessions === 1);
    expect(site.service.logins).toEqual(['127.0.0.1']);
  });

  it('retrieves what is longer than one packet, and what is empty', async () => {
    const long = Buffer.from(Uint8Array.from({ length: 100_000 }, (_, index) => index % 251));
    site.service.files.set('long', long).set('empty', new Uint8Array(0));
    const session = await site.open();
    expect(long.equals(await session.retrieve('long', 100_000, neverAborted))).toBe(true);
    expect(await session.retrieve('empty', 0, neverAborted)).toHaveLength(0);
  });

  it('refuses a file that is not there and stays usable; one that is too long ends the session', async () => {
    const session = await site.open();
    await expect(session.retrieve('missing', 8, neverAborted)).rejects.toMatchObject({
      code: 'bulk-file-refused',
      message: expect.stringContaining('550 No such file'),
    });
    await expect(session.retrieve('version.txt', 8, neverAborted)).rejects.toMatchObject({
      code: 'bulk-too-long',
    });
    await session.closed;
  });

  it('stores an image, in order, one write at a time', async () => {
    const session = await site.open();
    const progress: number[] = [];
    await session.store(
      'image.bin',
      chunks(20, 100_000),
      { offset: 0, onProgress: (sent) => progress.push(sent) },
      neverAborted,
    );
    const expected = Buffer.concat(Array.from({ length: 20 }, (_, index) => Buffer.alloc(100_000, index)));
    expect(site.service.held('image.bin').equals(expected)).toBe(true);
    expect(site.service.begun).toEqual([{ name: 'image.bin', offset: 0 }]);
    expect(site.service.ends).toEqual(['finished']);
    expect(site.service.mostWritesAtOnce).toBe(1);
    expect(progress.at(-1)).toBe(2_000_000);
    expect(progress.length).toBeGreaterThan(5);
    expect(progress).toEqual([...progress].sort((one, other) => one - other));
  });

  it('stores an empty file', async () => {
    const session = await site.open();
    await session.store('image.bin', chunks(0, 0), { offset: 0 }, neverAborted);
    expect(site.service.ends).toEqual(['finished']);
  });

  it('stores several images in one session', async () => {
    site.service.uploads.set('other.bin', []);
    const session = await site.open();
    await session.store('image.bin', text('one'), { offset: 0 }, neverAborted);
    await session.store('other.bin', text('two'), { offset: 0 }, neverAborted);
    expect(site.service.held('image.bin').toString()).toBe('one');
    expect(site.service.held('other.bin').toString()).toBe('two');
  });

  it('resumes behind what is there', async () => {
    site.service.uploads.set('image.bin', [Buffer.from('head-')]);
    const session = await site.open();
    const offset = await session.size('image.bin', neverAborted);
    await session.store('image.bin', text('tail'), { offset }, neverAborted);
    expect(site.service.held('image.bin').toString()).toBe('head-tail');
    expect(site.service.begun).toEqual([{ name: 'image.bin', offset: 5 }]);
  });

  it('resumes an upload whose client was killed', async () => {
    const image = Buffer.alloc(300_000, 7);
    const killed = await site.open();
    const cancel = new AbortController();
    async function* half(): AsyncGenerator<Uint8Array> {
      yield image.subarray(0, 150_000);
      await site.service.until(() => site.service.receivedBytes === 150_000);
      cancel.abort();
    }
    await expect(killed.store('image.bin', half(), { offset: 0 }, cancel.signal)).rejects.toMatchObject({
      code: 'cancelled',
    });
    await killed.closed;
    await site.service.until(() => site.service.endedSessions === 1 && site.service.ends.length === 1);
    const session = await site.open();
    const offset = await session.size('image.bin', neverAborted);
    expect(offset).toBe(150_000);
    async function* rest(): AsyncGenerator<Uint8Array> {
      yield image.subarray(offset);
    }
    await session.store('image.bin', rest(), { offset }, neverAborted);
    expect(site.service.held('image.bin').equals(image)).toBe(true);
  });

  it('carries a refusal at the beginning', async () => {
    site.service.refuseWith = new PosternError('wrong-model', 'Not for this model');
    const session = await site.open();
    await expect(session.store('image.bin', text('x'), { offset: 0 }, neverAborted)).rejects.toMatchObject({
      code: 'bulk-file-refused',
      message: expect.stringMatching(/\b550 wrong-model: Not for this model/),
    });
    expect(await session.size('version.txt', neverAborted)).toBe(9);
  });

  it('carries a refusal in the middle, ends the source, and stays usable', async () => {
    site.service.capacity = 1_000_000;
    const session = await site.open();
    let sourceEnded = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield Buffer.alloc(64 * 1_024);
      } finally {
        sourceEnded = true;
      }
    }
    await expect(session.store('image.bin', endless(), { offset: 0 }, neverAborted)).rejects.toMatchObject({
      code: 'bulk-file-refused',
      message: expect.stringMatching(/\b552 too-long: More bytes than the manifest says/),
    });
    expect(site.service.ends).toEqual(['aborted']);
    expect(await session.size('version.txt', neverAborted)).toBe(9);
    expect(sourceEnded).toBe(true);
  });

  it('carries the refusal of the finished image', async () => {
    site.service.finishWith = new PosternError('digest-mismatch', 'Not what the vendor signed');
    const session = await site.open();
    await expect(
      session.store('image.bin', chunks(3, 1_000), { offset: 0 }, neverAborted),
    ).rejects.toMatchObject({
      code: 'bulk-file-refused',
      message: expect.stringMatching(/\b550 digest-mismatch: Not what the vendor signed/),
    });
    expect(await session.size('version.txt', neverAborted)).toBe(9);
  });

  it('tells nothing about errors that are not ours', async () => {
    site.service.refuseWith = Object.assign(new Error('EIO: /secret/path'), { code: 'EIO' });
    const session = await site.open();
    const failure = session.store('image.bin', text('x'), { offset: 0 }, neverAborted);
    await expect(failure).rejects.toMatchObject({ message: expect.not.stringContaining('secret') });
  });

  it('refuses a wrong password without showing it', async () => {
    const logger = memoryLogger();
    await expect(site.open({ password: 'wrong-secret', logger })).rejects.toMatchObject({
      code: 'bulk-login-refused',
      message: expect.not.stringContaining('wrong-secret'),
    });
    expect(JSON.stringify(logger.lines)).not.toContain('wrong-secret');
    expect(site.service.logins).toHaveLength(1);
    expect(site.service.endedSessions).toBe(0);
  });

  it('is dropped when the credential ends in the middle of an upload', async () => {
    const session = await site.open();
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(100_000);
      await site.service.until(() => site.service.receivedBytes === 100_000);
      site.service.revocation.abort();
      await session.closed;
      yield Buffer.alloc(1);
    }
    await expect(session.store('image.bin', source(), { offset: 0 }, neverAborted)).rejects.toMatchObject({
      code: 'bulk-connection-lost',
    });
    await site.service.until(() => site.service.endedSessions === 1 && site.service.ends.length === 1);
    expect(site.service.ends).toEqual(['aborted']);
    await expect(session.size('version.txt', neverAborted)).rejects.toMatchObject({
      code: 'bulk-connection-lost',
    });
  });

  it('can be cancelled while the receiver is busy, and pulls no further meanwhile', async () => {
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    const busy = new Promise<void>((resolve) => {
      site.service.beforeWrite = () => {
        resolve();
        return gate;
      };
    });
    const session = await site.open();
    const cancel = new AbortController();
    let pulled = 0;
    async function* source(): AsyncGenerator<Uint8Array> {
      for (; pulled < 2_000; pulled += 1) yield Buffer.alloc(64 * 1_024);
    }
    const stored = session.store('image.bin', source(), { offset: 0 }, cancel.signal);
    await busy;
    // Until buffers on the way are full; the rest of 128 MiB must stay where it is.
    for (let quiet = 0, before = -1; quiet < 20; quiet = before === pulled ? quiet + 1 : 0, before = pulled) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(pulled).toBeLessThan(500);
    cancel.abort();
    await expect(stored).rejects.toMatchObject({ code: 'cancelled' });
    release();
    await session.closed;
    await site.service.until(() => site.service.ends.length === 1);
    expect(site.service.ends).toEqual(['aborted']);
  });

  it('loses the connection when the device goes in the middle of an upload', async () => {
    const session = await site.open();
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(100_000);
      await site.service.until(() => site.service.receivedBytes === 100_000);
      void site.server.close();
      await session.closed;
      yield Buffer.alloc(1);
    }
    await expect(session.store('image.bin', source(), { offset: 0 }, neverAborted)).rejects.toMatchObject({
      code: 'bulk-connection-lost',
    });
    expect(site.service.held('image.bin')).toHaveLength(100_000);
  });

  it('hands on the error of a source that breaks', async () => {
    const session = await site.open();
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(10);
      throw new PosternError('image-unreadable', 'The disk is gone');
    }
    await expect(session.store('image.bin', source(), { offset: 0 }, neverAborted)).rejects.toMatchObject({
      code: 'image-unreadable',
    });
    await session.closed;
    await site.service.until(() => site.service.ends.length === site.service.begun.length);
  });

  it('is unreachable when nobody listens, and cancelled when it is', async () => {
    const aborted = AbortSignal.abort();
    await expect(site.open({ signal: aborted })).rejects.toMatchObject({ code: 'cancelled' });
    await site.server.close();
    await expect(site.open()).rejects.toMatchObject({ code: 'bulk-unreachable' });
  });

  it('takes what it is given within a time that local sources must keep', async () => {
    const clock = new VirtualClock();
    const session = await site.open({ clock, limits: { sourceTime: Seconds(20) } });
    let asked: () => void = () => {};
    const waiting = new Promise<void>((resolve) => {
      asked = resolve;
    });
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(10);
      asked();
      await new Promise(() => {});
    }
    const refused = expect(
      session.store('image.bin', source(), { offset: 0 }, neverAborted),
    ).rejects.toMatchObject({ code: 'bulk-timeout', message: 'The local source gives no more bytes' });
    await waiting;
    await clock.advance(Seconds(90));
    await refused;
    await session.closed;
    expect(clock.pending).toBe(0);
    await site.service.until(() => site.service.ends.length === site.service.begun.length);
  });

  it('waits for the confirmation no longer than its deadline', async () => {
    const clock = new VirtualClock();
    const asked = new Promise<void>((resolve) => {
      site.service.beforeFinish = () => {
        resolve();
        return new Promise(() => {});
      };
    });
    const session = await site.open({ clock, limits: { completionTime: Seconds(300) } });
    const refused = expect(
      session.store('image.bin', chunks(1, 10), { offset: 0 }, neverAborted),
    ).rejects.toMatchObject({ code: 'bulk-timeout' });
    await asked;
    await clock.advance(Seconds(300));
    await refused;
    await session.closed;
  });
});

/** @spec B1 B2 B3 */
describe.each(KINDS)('limits of the server of %s', (kind) => {
  const clock = new VirtualClock();
  let site: KindSite;

  afterEach(async () => {
    await site.server.close();
    expect(clock.pending).toBe(0);
  });

  it('drops whoever does not log in in time', async () => {
    site = await startKind(kind, { clock, limits: { loginTime: Seconds(30) } });
    const socket = connect(site.server.port, '127.0.0.1');
    const dropped = gone(socket);
    await until(() => clock.pending > 0);
    await clock.advance(Seconds(30));
    await dropped;
    await site.server.close();
    expect(site.service.logins).toEqual([]);
  });

  it('drops an idle session', async () => {
    site = await startKind(kind, { clock, limits: { idleTime: Seconds(60) } });
    const session = await site.open();
    await session.size('version.txt', neverAborted);
    await clock.advance(Seconds(61));
    await session.closed;
    await site.service.until(() => site.service.endedSessions === 1);
  });

  it('breaks an upload off that is too slow', async () => {
    site = await startKind(kind, {
      clock,
      limits: { slowTransferInterval: Seconds(10), slowTransferBytes: 1_000 },
    });
    const session = await site.open();
    let stop: () => void = () => {};
    const stopped = new Promise<void>((resolve) => {
      stop = resolve;
    });
    async function* slow(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(999);
      await stopped;
    }
    const stored = session.store('image.bin', slow(), { offset: 0 }, neverAborted);
    const failed = expect(stored).rejects.toMatchObject({ code: 'bulk-connection-lost' });
    await site.service.until(() => site.service.receivedBytes === 999);
    await clock.advance(Seconds(20));
    await site.service.until(() => site.service.ends.length === 1);
    expect(site.service.ends).toEqual(['aborted']);
    stop();
    await failed;
  });

  it('serves no more sessions than it has room for', async () => {
    site = await startKind(kind, { clock, limits: { sessions: 1 } });
    const first = await site.open();
    await expect(site.open()).rejects.toMatchObject({ code: 'bulk-unreachable' });
    expect(site.server.sessions).toBe(1);
    await first.close(Seconds(5));
    await site.service.until(() => site.service.endedSessions === 1);
  });

  it('gives up a session whose peer has gone without a word', async () => {
    site = await startKind(kind, { clock, limits: { loginTime: Seconds(30), idleTime: Seconds(60) } });
    const cancel = new AbortController();
    const session = await site.open();
    const failed = expect(session.retrieve('version.txt', 100, cancel.signal)).rejects.toBeDefined();
    cancel.abort();
    await failed;
    await site.service.until(() => site.service.endedSessions === 1);
  });

  it('gives a service that hangs a deadline', async () => {
    site = await startKind(kind, { clock, limits: { serviceTime: Seconds(20), idleTime: Seconds(600) } });
    const asked = new Promise<void>((resolve) => {
      site.service.beforeFinish = () => {
        resolve();
        return new Promise(() => {});
      };
    });
    const session = await site.open();
    const refused = expect(
      session.store('image.bin', text('x'), { offset: 0 }, neverAborted),
    ).rejects.toMatchObject({
      code: 'bulk-file-refused',
      message: expect.stringContaining('451 Local error'),
    });
    await asked;
    await clock.advance(Seconds(20));
    await refused;
  });

  it.each(['its deadline', 'the end of the connection'])('releases a write that hangs at %s', async (end) => {
    const limits = {
      serviceTime: Seconds(20),
      slowTransferInterval: Seconds(20),
      idleTime: Seconds(600),
    };
    site = await startKind(kind, { clock, limits });
    const { service } = site;
    const asked = promise();
    service.beforeWrite = () => {
      asked.resolve();
      return new Promise(() => {});
    };
    const cancel = new AbortController();
    const session = await site.open();
    const failed = expect(
      session.store('image.bin', text('x'), { offset: 0 }, cancel.signal),
    ).rejects.toMatchObject(
      end === 'its deadline'
        ? { code: 'bulk-file-refused', message: expect.stringContaining('451 Local') }
        : { code: 'cancelled' },
    );
    await asked.done;
    if (end === 'its deadline') await clock.advance(Seconds(20));
    else cancel.abort();
    await failed;
    await service.until(() => service.ends.length > 0);
    expect(service.ends).toEqual(['aborted']);
  });
});

/** @spec B1 B2 B3 */
describe.each(KINDS)('the client of %s against', (kind) => {
  let server: Server;
  const received: string[] = [];
  const sockets = new Set<Socket>();

  const serve = async (talk: (socket: Socket) => void): Promise<void> => {
    received.length = 0;
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {}).on('data', (data) => received.push(data.toString('latin1')));
      talk(socket);
    });
    server.listen({ host: '127.0.0.1', port: 0 });
    await once(server, 'listening');
  };

  const open = (clock: VirtualClock | typeof systemClock, signal = neverAborted) =>
    bulkPaths({ clock, logger: silentLogger, limits: { connectTime: Seconds(15) } }).open(
      { ...addressOf(server), kind, hostKey: 'ab'.repeat(32) },
      { userName: 'updater-1', oneTimePassword: SECRET },
      signal,
    );

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    await new Promise((resolve) => server.close(resolve));
    expect(received.join('')).not.toContain(SECRET);
  });

  it('a silent server', async () => {
    const clock = new VirtualClock();
    const connected = promise();
    await serve(() => connected.resolve());
    const refused = expect(open(clock)).rejects.toMatchObject({ code: 'bulk-timeout' });
    await connected.done;
    await until(() => clock.pending > 0);
    await clock.advance(Seconds(15));
    await refused;
    expect(clock.pending).toBe(0);
  });

  it('a silent server, cancelled', async () => {
    const cancel = new AbortController();
    await serve(() => cancel.abort());
    await expect(open(systemClock, cancel.signal)).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('an endless greeting', async () => {
    await serve((socket) => {
      const line = `220-${'hello '.repeat(100)}\r\n`.repeat(20);
      const pour = (): void => {
        while (socket.writable && socket.write(line));
      };
      socket.on('drain', pour);
      pour();
    });
    await expect(open(systemClock)).rejects.toMatchObject({ code: 'bulk-unreachable' });
  });

  it('a server that hangs up', async () => {
    await serve((socket) => socket.end());
    await expect(open(systemClock)).rejects.toMatchObject({ code: 'bulk-unreachable' });
  });
});

const ENCRYPTED = KINDS.filter((kind): kind is BulkPathKind => kind !== 'ftp');

/** @spec B2 B3 */
describe.each(ENCRYPTED)('the key of the other end of %s', (kind) => {
  let site: KindSite;

  beforeEach(async () => {
    site = await startKind(kind);
  });
  afterEach(() => site.server.close());

  it('is told by the server as 64 hexadecimal digits, taken in either case', async () => {
    expect(site.server.fingerprint).toMatch(/^[0-9a-f]{64}$/);
    const session = await site.open({
      endpoint: { hostKey: site.server.fingerprint?.toUpperCase() ?? '' },
    });
    await session.close(Seconds(5));
  });

  it('must be the expected one before the password is sent', async () => {
    await expect(site.open({ endpoint: { hostKey: 'ab'.repeat(32) } })).rejects.toMatchObject({
      code: 'bulk-host-unproved',
    });
    await site.server.close();
    expect(site.service.logins).toEqual([]);
  });

  it.each(['', 'ab', 'zz'.repeat(32)])('is not taken to be %j', async (hostKey) => {
    await expect(site.open({ endpoint: { hostKey } })).rejects.toMatchObject({ code: 'bulk-host-unproved' });
    expect(site.server.sessions).toBe(0);
  });

  it('must have been named', async () => {
    const { hostKey: _, ...endpoint } = site.endpoint;
    const path = bulkPaths({ clock: systemClock, logger: silentLogger });
    await expect(
      path.open(endpoint, { userName: 'updater-1', oneTimePassword: SECRET }, neverAborted),
    ).rejects.toMatchObject({ code: 'bulk-host-unproved' });
    expect(site.server.sessions).toBe(0);
  });
});

const SECRET = 'one-time-secret';

async function* text(content: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content);
}

const addressOf = (server: Server): { host: string; port: number } => {
  const address = server.address();
  return { host: '127.0.0.1', port: typeof address === 'object' && address !== null ? address.port : 0 };
};

/** Lets the loop turn until a condition holds. */
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
};

/** Resolves when the other side has closed the connection. */
const gone = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket
      .on('error', () => {})
      .once('close', () => resolve())
      .resume();
  });

const promise = (): { done: Promise<void>; resolve: () => void } => {
  let resolve: () => void = () => {};
  const done = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { done, resolve: () => resolve() };
};
