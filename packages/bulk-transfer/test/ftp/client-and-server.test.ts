import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PosternError, Seconds } from '@postern/core';
import { chunks, neverAborted, type Site, startSite } from '../support/site.ts';

/** @spec B1 */
describe('FTP client against FTP server', () => {
  let site: Site;

  beforeEach(async () => {
    site = await startSite();
  });

  afterEach(async () => {
    await site.server.close();
  });

  it('retrieves a file and tells sizes', async () => {
    const session = await site.open();
    expect(Buffer.from(await session.retrieve('version.txt', 1_000, neverAborted)).toString()).toBe(
      'main=1.0\n',
    );
    expect(await session.size('version.txt', neverAborted)).toBe(9);
    expect(await session.size('nothing', neverAborted)).toBe(0);
    await session.close(Seconds(5));
    await session.closed;
    await site.service.until(() => site.service.endedSessions === 1);
    expect(site.service.logins).toEqual(['127.0.0.1']);
  });

  it('retrieves an empty file', async () => {
    site.service.files.set('empty', new Uint8Array(0));
    const session = await site.open();
    expect(await session.retrieve('empty', 0, neverAborted)).toHaveLength(0);
  });

  it('refuses a file that is longer than the limit and one that is not there', async () => {
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

  it('stores and reports progress in bytes sent', async () => {
    const session = await site.open();
    const progress: number[] = [];
    await session.store(
      'image.bin',
      chunks(20, 100_000),
      { offset: 0, onProgress: (sent) => progress.push(sent) },
      neverAborted,
    );
    expect(site.service.held('image.bin')).toHaveLength(2_000_000);
    expect(site.service.begun).toEqual([{ name: 'image.bin', offset: 0 }]);
    expect(site.service.ends).toEqual(['finished']);
    expect(progress.at(-1)).toBe(2_000_000);
    expect(progress.length).toBeGreaterThan(5);
    expect(progress).toEqual([...progress].sort((one, other) => one - other));
  });

  it('stores an empty file', async () => {
    const session = await site.open();
    await session.store('image.bin', chunks(0, 0), { offset: 0 }, neverAborted);
    expect(site.service.ends).toEqual(['finished']);
  });

  it('resumes by APPE behind what is there', async () => {
    site.service.uploads.set('image.bin', [Buffer.from('head-')]);
    const session = await site.open();
    const offset = await session.size('image.bin', neverAborted);
    await session.store('image.bin', text('tail'), { offset }, neverAborted);
    expect(site.service.held('image.bin').toString()).toBe('head-tail');
    expect(site.service.begun).toEqual([{ name: 'image.bin', offset: 5 }]);
  });

  it('carries the refusal of a session that stays usable', async () => {
    site.service.refuseWith = new PosternError('wrong-model', 'Not for this model');
    const session = await site.open();
    await expect(session.store('image.bin', text('x'), { offset: 0 }, neverAborted)).rejects.toMatchObject({
      code: 'bulk-file-refused',
      message: expect.stringContaining('550 wrong-model: Not for this model'),
    });
    expect(await session.size('version.txt', neverAborted)).toBe(9);
  });

  it('carries a refusal in the middle of the transfer and ends the source', async () => {
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
      message: expect.stringContaining('552 too-long: More bytes than the manifest says'),
    });
    expect(site.service.ends).toEqual(['aborted']);
    expect(await session.size('version.txt', neverAborted)).toBe(9);
    expect(sourceEnded).toBe(true);
  });

  it('tells nothing about errors that are not ours', async () => {
    site.service.refuseWith = Object.assign(new Error('EIO: /secret/path'), { code: 'EIO' });
    const session = await site.open();
    const failure = session.store('image.bin', text('x'), { offset: 0 }, neverAborted);
    await expect(failure).rejects.toMatchObject({ message: expect.not.stringContaining('secret') });
  });

  it('refuses a wrong password without showing it', async () => {
    await expect(site.open('wrong-secret')).rejects.toMatchObject({
      code: 'bulk-login-refused',
      message: expect.not.stringContaining('wrong-secret'),
    });
    expect(site.service.endedSessions).toBe(0);
  });

  it('takes 64 MiB with one chunk outstanding', async () => {
    site.service.discard = true;
    const session = await site.open();
    await session.store('image.bin', chunks(64, 1_024 * 1_024), { offset: 0 }, neverAborted);
    expect(site.service.receivedBytes).toBe(64 * 1_024 * 1_024);
    expect(site.service.mostWritesAtOnce).toBe(1);
    expect(site.service.largestChunk).toBeLessThanOrEqual(128 * 1_024);
  });

  it('pulls no further while the receiver is busy', async () => {
    let release: () => void = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    site.service.beforeWrite = () => gate;
    const session = await site.open();
    let pulled = 0;
    const total = 256 * 1_024 * 1_024;
    async function* source(): AsyncGenerator<Uint8Array> {
      const piece = Buffer.alloc(1_024 * 1_024);
      for (; pulled < total; pulled += piece.length) yield piece;
    }
    const cancel = new AbortController();
    const stored = session.store('image.bin', source(), { offset: 0 }, cancel.signal);
    // What is pulled is what the two sockets' buffers hold; it stands still long before the end.
    let before = -1;
    while (before !== pulled) {
      before = pulled;
      for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    }
    expect(pulled).toBeLessThan(total / 4);
    cancel.abort();
    await expect(stored).rejects.toMatchObject({ code: 'cancelled' });
    release();
    await session.closed;
    await site.service.until(() => site.service.ends.length === 1);
    expect(site.service.ends).toEqual(['aborted']);
  });

  it('is dropped when the credential ends', async () => {
    const session = await site.open();
    site.service.revocation.abort();
    await session.closed;
    expect(site.service.endedSessions).toBe(1);
    await expect(session.size('version.txt', neverAborted)).rejects.toMatchObject({
      code: 'bulk-connection-lost',
    });
  });

  it('loses the connection when the server closes in the middle of an upload', async () => {
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
    expect(site.service.ends).toEqual(['aborted']);
    expect(site.service.held('image.bin')).toHaveLength(100_000);
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
  });

  it('is unreachable when nobody listens', async () => {
    await site.server.close();
    await expect(site.open()).rejects.toMatchObject({ code: 'bulk-unreachable' });
  });
});

async function* text(content: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(content);
}
