import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Milliseconds, Seconds, silentLogger, systemClock } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { createFirewall, type Endpoint, type Firewall, type FirewallOptions } from '@postern/testbed';
import { dial, endOf, endOfAttempt, readAll, readBytes, TestServer } from '../support/test-server.ts';

let echo: TestServer;
let firewall: Firewall;
let door: Endpoint;

const open = async (options: Partial<FirewallOptions> = {}): Promise<void> => {
  firewall = await createFirewall({
    clock: systemClock,
    logger: silentLogger,
    inside: { host: '127.0.0.1' },
    ...options,
  });
  door = await firewall.openOutbound(echo.endpoint);
};

beforeEach(async () => {
  echo = await TestServer.start((socket) => socket.pipe(socket));
});

afterEach(async () => {
  await firewall.close();
  await echo.close();
});

/** @spec T5 */
describe('what comes from inside', () => {
  it('reaches its target and is answered', async () => {
    await open();
    const socket = await dial(door);
    socket.end('hello');
    expect((await readAll(socket)).toString()).toBe('hello');
    expect(firewall.counters).toMatchObject({ forwarded: 1, refused: 0, bytesUp: 5, bytesDown: 5 });
  });

  it('passes ends one way at a time', async () => {
    await open();
    const arrived = echo.nextConnection();
    const socket = await dial(door);
    const far = await arrived;
    far.unpipe(far);
    socket.end('question');
    expect((await readAll(far)).toString()).toBe('question');
  });

  it('arrives whole when it is large', async () => {
    await open();
    const socket = await dial(door);
    const sent = Buffer.alloc(8 * 1_024 * 1_024, 'postern');
    socket.end(sent);
    expect((await readAll(socket)).equals(sent)).toBe(true);
    expect(firewall.counters.bytesUp).toBe(sent.length);
  });

  it('is held back while the target does not read', async () => {
    await open();
    const arrived = echo.nextConnection();
    const socket = await dial(door);
    const far = await arrived;
    far.unpipe(far);
    far.pause();
    const total = 256 * 1_024 * 1_024;
    const piece = Buffer.alloc(1_024 * 1_024);
    let sent = 0;
    while (sent < total) {
      sent += piece.length;
      if (!socket.write(piece)) {
        const drained = await Promise.race([once(socket, 'drain'), turns(2_000)]);
        if (drained === undefined) break;
      }
    }
    expect(sent).toBeLessThan(total / 4);
  });

  it('is reset when the target resets', async () => {
    await open();
    const arrived = echo.nextConnection();
    const socket = await dial(door);
    (await arrived).resetAndDestroy();
    expect(await endOf(socket)).toBe('ECONNRESET');
  });

  it('resets the target when the inside resets', async () => {
    await open();
    const arrived = echo.nextConnection();
    const socket = await dial(door);
    const far = await arrived;
    const ended = new Promise((resolve) => far.once('error', resolve));
    socket.resetAndDestroy();
    expect(await ended).toMatchObject({ code: 'ECONNRESET' });
  });

  it('is reset when nobody listens at the target', async () => {
    await open();
    const gone = echo.endpoint;
    await echo.close();
    door = await firewall.openOutbound(gone);
    expect(await endOfAttempt(door)).toBe('ECONNRESET');
    expect(firewall.counters.forwarded).toBe(0);
  });
});

/** @spec T5 */
describe('what comes from outside', () => {
  it('is refused and counted', async () => {
    await open();
    expect(await endOfAttempt({ host: '127.0.0.1', port: firewall.wanPort })).toBe('ECONNRESET');
    expect(firewall.counters).toMatchObject({ refused: 1, forwarded: 0, open: 0 });
    expect(echo.sockets).toHaveLength(0);
  });
});

describe('a broken line', () => {
  it('cut: resets what is open and what comes, until it is restored', async () => {
    await open();
    const before = await dial(door);
    before.write('x');
    await readBytes(before, 1);
    firewall.cut();
    expect(await endOf(before)).toBe('ECONNRESET');
    expect(await endOfAttempt(door)).toBe('ECONNRESET');
    expect(firewall.counters).toMatchObject({ refusedWhileCut: 1, refused: 0 });
    firewall.restore();
    const after = await dial(door);
    after.end('y');
    expect((await readAll(after)).toString()).toBe('y');
  });

  it('blackhole: keeps connections and passes nothing until it is restored', async () => {
    await open();
    const old = await dial(door);
    old.write('a');
    await readBytes(old, 1);
    firewall.blackhole();
    old.end('b');
    const fresh = await dial(door);
    fresh.end('c');
    await turns(200);
    expect(firewall.counters).toMatchObject({ forwarded: 1, bytesUp: 1, open: 2 });
    firewall.restore();
    expect((await readAll(old)).toString()).toBe('b');
    expect((await readAll(fresh)).toString()).toBe('c');
  });

  it('holds new connections only, until it is restored', async () => {
    await open();
    const old = await dial(door);
    old.write('a');
    await readBytes(old, 1);
    firewall.holdNewConnections();
    const fresh = await dial(door);
    fresh.end('c');
    old.end('b');
    expect((await readAll(old)).toString()).toBe('b');
    expect(firewall.counters).toMatchObject({ forwarded: 1, bytesUp: 2 });
    firewall.restore();
    expect((await readAll(fresh)).toString()).toBe('c');
  });

  it('close ends what a blackhole holds', async () => {
    await open();
    firewall.blackhole();
    const ended = endOf(await dial(door));
    await firewall.close();
    expect(await ended).toBe('ECONNRESET');
  });
});

describe('a slow line, on a virtual clock', () => {
  it('delays every byte and the end', async () => {
    const clock = new VirtualClock();
    await open({ clock, delay: Milliseconds(400) });
    const socket = await dial(door);
    socket.end('late');
    await until(() => firewall.counters.forwarded === 1 && clock.pending > 0);
    await clock.advance(Milliseconds(399));
    expect(firewall.counters.bytesUp).toBe(0);
    const answer = readAll(socket);
    let answered = false;
    void answer.then(() => {
      answered = true;
    });
    await until(async () => {
      await clock.advance(Milliseconds(1));
      return answered;
    });
    expect((await answer).toString()).toBe('late');
    expect(clock.monotonic()).toBeGreaterThanOrEqual(800);
  });

  it('carries no more than its rate', async () => {
    const clock = new VirtualClock();
    await open({ clock, bytesPerSecond: 1_000 });
    const socket = await dial(door);
    socket.write(Buffer.alloc(2_000));
    await until(() => firewall.counters.forwarded === 1 && clock.pending > 0);
    await clock.advance(Seconds(1));
    expect(firewall.counters.bytesUp).toBeGreaterThanOrEqual(900);
    expect(firewall.counters.bytesUp).toBeLessThanOrEqual(1_050);
    await clock.advance(Seconds(1));
    await until(() => firewall.counters.bytesUp === 2_000);
  });

  it('forgets a connection that was idle for too long', async () => {
    const clock = new VirtualClock();
    await open({ clock, idleTimeout: Seconds(60) });
    const socket = await dial(door);
    socket.write('x');
    await readBytes(socket, 1);
    await clock.advance(Seconds(59));
    socket.write('y');
    await readBytes(socket, 1);
    await clock.advance(Seconds(59));
    expect(firewall.counters.open).toBe(1);
    const ended = endOf(socket);
    await clock.advance(Seconds(2));
    expect(await ended).toBe('ECONNRESET');
    expect(firewall.counters.open).toBe(0);
  });
});

/** Gives sockets `count` turns of the event loop. */
const turns = async (count: number): Promise<undefined> => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  return undefined;
};

const until = async (met: () => boolean | Promise<boolean>): Promise<void> => {
  while (!(await met())) await turns(1);
};
