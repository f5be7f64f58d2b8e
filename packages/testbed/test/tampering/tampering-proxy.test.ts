import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ftpBulkPath } from '@postern/bulk-transfer';
import { Seconds, silentLogger, systemClock } from '@postern/core';
import type { BulkSession } from '@postern/software-update';
import { createTamperingProxy, type TamperingProxy, type TamperingRules } from '@postern/testbed';
import { dial, readBytes } from '../support/test-server.ts';
import { UploadDevice } from '../support/upload-device.ts';

const never = new AbortController().signal;
const image = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7) & 0xff));

let device: UploadDevice;
let proxy: TamperingProxy;

const start = async (rules: TamperingRules = {}): Promise<void> => {
  proxy = await createTamperingProxy({
    clock: systemClock,
    logger: silentLogger,
    target: await device.start(),
    rules,
  });
};

const openSession = (): Promise<BulkSession> =>
  ftpBulkPath({ clock: systemClock, logger: silentLogger }).open(
    proxy,
    { userName: device.userName, oneTimePassword: device.oneTimePassword },
    never,
  );

const upload = async (session: BulkSession, offset = 0): Promise<void> => {
  await session.store('image.bin', inChunks(image.subarray(offset)), { offset }, never);
};

async function* inChunks(content: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += 10_007) yield content.subarray(at, at + 10_007);
}

beforeEach(() => {
  device = new UploadDevice();
});

afterEach(async () => {
  await proxy.close();
  await device.close();
});

describe('a proxy that only listens', () => {
  it('passes everything on unchanged', async () => {
    await start();
    const session = await openSession();
    await upload(session);
    expect(device.image.equals(image)).toBe(true);
    const report = await session.retrieve('version.txt', 1_000, never);
    expect(Buffer.from(report).equals(device.report)).toBe(true);
    await session.close(Seconds(1));
  });

  it('sees what crossed, the password included: the bulk path hides nothing', async () => {
    await start();
    const session = await openSession();
    await session.retrieve('version.txt', 1_000, never);
    await upload(session);
    const { control, data } = proxy.capture();
    expect(control).toEqual(
      expect.arrayContaining(['> USER site-a', '> PASS one-time-secret', '> STOR image.bin']),
    );
    expect(data.map(({ direction, command, total }) => ({ direction, command, total }))).toEqual([
      { direction: 'down', command: 'RETR version.txt', total: device.report.length },
      { direction: 'up', command: 'STOR image.bin', total: image.length },
    ]);
    expect(data[1]?.bytes.equals(image)).toBe(true);
  });

  it('keeps the device from being reached past it: PASV replies tell a port of the proxy', async () => {
    await start();
    const socket = await dial(proxy);
    await readReply(socket);
    for (const line of [`USER ${device.userName}`, `PASS ${device.oneTimePassword}`]) {
      socket.write(`${line}\r\n`);
      await readReply(socket);
    }
    socket.write('PASV\r\n');
    const told = await readReply(socket);
    const real = proxy.capture().control.at(-1);
    expect(told).toMatch(/^227 .*\(127,0,0,1,\d+,\d+\)/);
    expect(`< ${told}`).not.toBe(real);
    socket.destroy();
  });
});

describe('a proxy that changes uploads', () => {
  it('flips one bit of the chosen upload only', async () => {
    await start({ flipByte: { upload: 2, offset: 123_456 } });
    const session = await openSession();
    await upload(session);
    expect(device.image.equals(image)).toBe(true);
    await upload(session);
    const expected = Buffer.from(image);
    expected[123_456] = (expected[123_456] ?? 0) ^ 1;
    expect(device.image.equals(expected)).toBe(true);
  });

  it('truncates with a regular end', async () => {
    await start({ truncate: { upload: 1, bytes: 1_000 } });
    await upload(await openSession());
    expect(device.image.equals(image.subarray(0, 1_000))).toBe(true);
  });

  it('appends without an end, until the device refuses', async () => {
    await start({ appendEndless: { upload: 1 } });
    device.capacity = 400_000;
    await expect(upload(await openSession())).rejects.toMatchObject({ code: 'bulk-file-refused' });
    expect(device.image.length).toBeGreaterThan(device.capacity);
  });

  it('cuts the first uploads, which can then be resumed', async () => {
    await start({ cutAt: { bytes: 50_000, times: 2 } });
    for (const held of [50_000, 100_000]) {
      const session = await openSession();
      await expect(upload(session, device.image.length)).rejects.toMatchObject({
        code: 'bulk-connection-lost',
      });
      await session.closed;
      expect(device.image.length).toBeLessThanOrEqual(held);
    }
    await upload(await openSession(), device.image.length);
    expect(device.image.equals(image)).toBe(true);
  });

  it('stalls until it closes', async () => {
    await start({ stall: { upload: 1, bytes: 20_000 } });
    const session = await openSession();
    const failed = expect(upload(session)).rejects.toMatchObject({ code: 'bulk-connection-lost' });
    while (device.image.length < 20_000) await new Promise((resolve) => setImmediate(resolve));
    await proxy.close();
    await failed;
    expect(device.image.length).toBe(20_000);
  });

  it('stalls until it resumes, and never again', async () => {
    await start({ stall: { upload: 1, bytes: 20_000 } });
    const session = await openSession();
    const uploaded = upload(session);
    while (device.image.length < 20_000) await new Promise((resolve) => setImmediate(resolve));
    proxy.resume();
    await uploaded;
    expect(device.image.equals(image)).toBe(true);
  });
});

describe('a proxy that changes downloads', () => {
  it('forges the version report', async () => {
    await start({
      rewriteDownload: (name, content) =>
        name === 'version.txt' ? Buffer.from(content.toString().replace('1.0', '9.9')) : content,
    });
    const session = await openSession();
    const report = await session.retrieve('version.txt', 1_000, never);
    expect(Buffer.from(report).toString()).toBe('main=9.9\nnonce=abc\n');
    expect(proxy.capture().data[0]?.bytes.equals(device.report)).toBe(true);
  });
});

const readReply = async (socket: Awaited<ReturnType<typeof dial>>): Promise<string> => {
  let line = '';
  while (!line.endsWith('\r\n')) line += (await readBytes(socket, 1)).toString('latin1');
  return line.trimEnd();
};
