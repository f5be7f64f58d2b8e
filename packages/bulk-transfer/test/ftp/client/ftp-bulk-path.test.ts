import { afterEach, describe, expect, it } from '@jest/globals';
import { type BulkClientLimits, ftpBulkPath } from '@postern/bulk-transfer';
import { type Clock, Milliseconds, type PosternError, Seconds, systemClock } from '@postern/core';
import { memoryLogger, VirtualClock } from '@postern/core/testing';
import type { BulkSession } from '@postern/software-update';
import { type Script, ScriptedServer } from '../../support/scripted-server.ts';
import { chunks, neverAborted } from '../../support/site.ts';

const SECRET = 'one-time-secret';

/** @spec B1 */
describe('FTP client against servers of other vendors', () => {
  let server: ScriptedServer;
  const logger = memoryLogger();

  const open = async (
    scripts: Record<string, Script> = {},
    options: { clock?: Clock; limits?: Partial<BulkClientLimits>; signal?: AbortSignal } = {},
  ): Promise<BulkSession> => {
    server = await ScriptedServer.start(scripts);
    const path = ftpBulkPath({ clock: options.clock ?? systemClock, logger, limits: options.limits ?? {} });
    return path.open(
      { host: '127.0.0.1', port: server.port },
      { userName: 'updater-1', oneTimePassword: SECRET },
      options.signal ?? neverAborted,
    );
  };

  /** Takes an upload to its end and confirms it. */
  const take: Script = (_argument, { data }) => {
    void data.then((socket) => socket.resume().on('end', () => server.say('226 Taken')));
    return '150 Go on';
  };

  afterEach(async () => {
    await server.close();
    expect(JSON.stringify(logger.lines)).not.toContain(SECRET);
  });

  it.each(['500', '502', '504'])('sends REST and STOR where APPE gets %s', async (code) => {
    const session = await open({
      APPE: () => `${code} What?`,
      REST: () => '350 Restarting',
      STOR: take,
    });
    await session.store('image.bin', chunks(3, 10), { offset: 5 }, neverAborted);
    expect(server.commands.slice(3)).toEqual(['EPSV', 'APPE image.bin', 'EPSV', 'REST 5', 'STOR image.bin']);
  });

  it('refuses the file when neither APPE nor REST is there', async () => {
    const session = await open();
    await expect(
      session.store('image.bin', chunks(1, 10), { offset: 5 }, neverAborted),
    ).rejects.toMatchObject({ code: 'bulk-file-refused' });
  });

  it('goes from EPSV to PASV', async () => {
    const session = await open({
      EPSV: () => '502 What?',
      PASV: (_argument, { dataPort }) => `227 Passive (127,0,0,1,${dataPort >> 8},${dataPort & 0xff})`,
      STOR: take,
    });
    await session.store('image.bin', chunks(1, 10), { offset: 0 }, neverAborted);
    expect(server.commands.slice(3)).toEqual(['EPSV', 'PASV', 'STOR image.bin']);
  });

  it('lets no PASV reply send it elsewhere', async () => {
    const session = await open({ EPSV: () => '502 What?', PASV: () => '227 Passive (192,0,2,1,10,10)' });
    await expect(session.retrieve('version.txt', 100, neverAborted)).rejects.toMatchObject({
      code: 'bulk-connection-lost',
    });
  });

  it('fails at once when no data connection can be opened', async () => {
    const session = await open({ EPSV: () => '502 What?', PASV: () => '502 What?' });
    await expect(
      session.store('image.bin', chunks(1, 10), { offset: 0 }, neverAborted),
    ).rejects.toMatchObject({ code: 'bulk-connection-lost' });
  });

  it.each(['530 Wrong', '430 Wrong', '421 Go away', `530 ${SECRET} is wrong`])(
    'login: %s',
    async (answer) => {
      const refused = open({ PASS: () => answer });
      await expect(refused).rejects.toMatchObject({ code: 'bulk-login-refused' });
      const error = (await refused.catch((reason: unknown) => reason)) as PosternError;
      expect(`${error.message} ${String(error.cause)} ${error.stack}`).not.toContain(SECRET);
    },
  );

  it('is unreachable when greeted with 421', async () => {
    await expect(open({ greeting: () => '421 Too many' })).rejects.toMatchObject({
      code: 'bulk-unreachable',
      message: expect.stringContaining('421 Too many'),
    });
  });

  it('waits for the greeting no longer than its deadline', async () => {
    const clock = new VirtualClock();
    const opening = open({ greeting: () => undefined }, { clock, limits: { connectTime: Seconds(15) } });
    const refused = expect(opening).rejects.toMatchObject({ code: 'bulk-timeout' });
    await untilPending(clock);
    await clock.advance(Seconds(15));
    await refused;
  });

  it('can be cancelled while it opens', async () => {
    const cancel = new AbortController();
    const opening = open(
      {
        USER: () => {
          cancel.abort();
          return undefined;
        },
      },
      { signal: cancel.signal },
    );
    await expect(opening).rejects.toMatchObject({ code: 'cancelled' });
  });

  it.each([
    ['550 None', 0],
    ['502 What?', 0],
    ['213 17', 17],
    ['213 x', 0],
    ['213 99999999999999999999', 0],
  ])('size: %s', async (answer, expected) => {
    const session = await open({ SIZE: () => answer });
    expect(await session.size('image.bin', neverAborted)).toBe(expected);
  });

  it('reads the refusal that comes behind a broken data connection', async () => {
    const session = await open({
      STOR: (_argument, { data }) => {
        void data.then((socket) => {
          socket.once('data', () => {
            socket.once('close', () => server.say('552 too-long: Enough'));
            socket.resetAndDestroy();
          });
        });
        return '150 Go on';
      },
      SIZE: () => '213 7',
    });
    await expect(
      session.store('image.bin', chunks(2_000, 65_536), { offset: 0 }, neverAborted),
    ).rejects.toMatchObject({
      code: 'bulk-file-refused',
      message: expect.stringContaining('552 too-long: Enough'),
    });
    expect(await session.size('image.bin', neverAborted)).toBe(7);
  });

  it('breaks off when the other side takes no more', async () => {
    const clock = new VirtualClock();
    const session = await open(
      {
        STOR: (_argument, { data }) => {
          void data.then((socket) => socket.pause());
          return '150 Go on';
        },
      },
      { clock, limits: { stallTime: Seconds(60) } },
    );
    const stored = session.store('image.bin', chunks(2_000, 65_536), { offset: 0 }, neverAborted);
    const refused = expect(stored).rejects.toMatchObject({
      code: 'bulk-timeout',
      message: 'The other side takes no more bytes',
    });
    await server.data;
    while (await clock.advanceToNext());
    await refused;
    await session.closed;
  });

  it('breaks off when the local source gives no more', async () => {
    const clock = new VirtualClock();
    const session = await open({ STOR: take }, { clock, limits: { sourceTime: Seconds(20) } });
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
  });

  it('leaves no timer behind when the source ends after a cancellation', async () => {
    const clock = new VirtualClock();
    const session = await open({ STOR: take }, { clock });
    const cancel = new AbortController();
    async function* source(): AsyncGenerator<Uint8Array> {
      yield Buffer.alloc(10);
      cancel.abort();
    }
    await expect(session.store('image.bin', source(), { offset: 0 }, cancel.signal)).rejects.toMatchObject({
      code: 'cancelled',
    });
    await clock.advance(Milliseconds(1));
    expect(clock.pending).toBe(0);
  });

  it('waits for the confirmation no longer than its deadline', async () => {
    const clock = new VirtualClock();
    let drained: () => void = () => {};
    const taken = new Promise<void>((resolve) => {
      drained = resolve;
    });
    const session = await open(
      {
        STOR: (_argument, { data }) => {
          void data.then((socket) => socket.resume().on('end', drained));
          return '150 Go on';
        },
      },
      { clock, limits: { completionTime: Seconds(300) } },
    );
    const refused = expect(
      session.store('image.bin', chunks(1, 10), { offset: 0 }, neverAborted),
    ).rejects.toMatchObject({ code: 'bulk-timeout' });
    await taken;
    await clock.advance(Seconds(300));
    await refused;
  });

  it('says goodbye no longer than it is given', async () => {
    const clock = new VirtualClock();
    const session = await open({ QUIT: () => undefined }, { clock });
    const closing = session.close(Milliseconds(500));
    await clock.advance(Milliseconds(500));
    await closing;
    await session.closed;
  });

  it('lets no line break into a command', async () => {
    const session = await open({ SIZE: () => '213 7' });
    await expect(session.size('a\r\nDELE b', neverAborted)).rejects.toBeInstanceOf(Error);
    expect(server.commands.join()).not.toContain('DELE');
  });
});

/** Lets the loop turn until somebody waits on the clock. */
const untilPending = async (clock: VirtualClock): Promise<void> => {
  while (clock.pending === 0) await new Promise((resolve) => setImmediate(resolve));
};
