import { expect, test } from '@jest/globals';
import { errorCode } from '@postern/core';
import type { ImageStore } from '@postern/storage';
import { imageSite, serveRange } from '../support/image-server.ts';
import { IMAGE, makeManifest, sha256 } from '../support/software.ts';

const DIGEST = sha256(IMAGE);
const never = new AbortController().signal;

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'succeeded',
    (error: unknown) => errorCode(error, String(error)),
  );

const readAll = async (content: AsyncIterable<Uint8Array>): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const fill = async (store: ImageStore, content: Buffer): Promise<string> => {
  const digest = sha256(content);
  const receiver = await store.receive({ sha256: digest, length: content.length });
  await receiver.write(content);
  await receiver.finish();
  return digest;
};

test('many updates that want an image at the same time fetch it once, and see its progress', async () => {
  const { images, store, ranges } = await imageSite((_request, response, offset) =>
    serveRange(response, IMAGE, offset),
  );
  const seen: number[] = [];
  const sources = [1, 2, 3].map(() => images.sourceFor(({ doneBytes }) => seen.push(doneBytes)));
  const details = await Promise.all(sources.map((source) => source.prepare(makeManifest(), never)));
  expect(ranges).toEqual([0]);
  expect(details.filter((detail) => detail.startsWith(`${IMAGE.length} bytes`))).toHaveLength(1);
  expect(seen.filter((bytes) => bytes === IMAGE.length)).toHaveLength(3);
  expect(await sources[0]?.prepare(makeManifest(), never)).toBe('held at the site');
  expect((await readAll(images.sourceFor(() => {}).open(DIGEST, 1_000))).equals(IMAGE.subarray(1_000))).toBe(
    true,
  );
  expect(await store.has(DIGEST)).toBe(true);
});

/** @spec X5 */
test('after a connection that broke midway the fetch goes on where it stopped', async () => {
  const { images, ranges } = await imageSite((_request, response, offset, nth) => {
    if (nth > 1) {
      serveRange(response, IMAGE, offset);
      return;
    }
    response.writeHead(200, { 'content-length': IMAGE.length });
    response.write(IMAGE.subarray(0, 200_000), () => setImmediate(() => response.destroy()));
  });
  const source = images.sourceFor(() => {});
  expect(await codeOf(source.prepare(makeManifest(), never))).toBe('connection-lost');
  await source.prepare(makeManifest(), never);
  expect(ranges).toHaveLength(2);
  expect(ranges[1]).toBeGreaterThan(0);
  expect((await readAll(source.open(DIGEST, 0))).equals(IMAGE)).toBe(true);
});

/** @spec X5 */
test('a server that does not know ranges sends the whole again', async () => {
  const { images, ranges } = await imageSite((_request, response, _offset, nth) => {
    if (nth > 1) {
      serveRange(response, IMAGE, 0);
      return;
    }
    response.writeHead(200, { 'content-length': IMAGE.length });
    response.write(IMAGE.subarray(0, 150_000), () => setImmediate(() => response.destroy()));
  });
  const source = images.sourceFor(() => {});
  await codeOf(source.prepare(makeManifest(), never));
  await source.prepare(makeManifest(), never);
  expect(ranges).toHaveLength(2);
  expect((await readAll(source.open(DIGEST, 0))).equals(IMAGE)).toBe(true);
});

test.each([
  ['another image', Buffer.alloc(IMAGE.length, 7), 200, 'digest-mismatch'],
  ['an image of another length', IMAGE.subarray(1), 200, 'digest-mismatch'],
  ['404', Buffer.from('nothing'), 404, 'image-missing'],
  ['503', Buffer.from('later'), 503, 'server-busy'],
  ['403', Buffer.from('no'), 403, 'response-invalid'],
])('a server that answers with %s', async (_name, content, status, code) => {
  const { images, store } = await imageSite((_request, response) => {
    response.writeHead(status, { 'content-length': content.length });
    response.end(content);
  });
  expect(await codeOf(images.sourceFor(() => {}).prepare(makeManifest(), never))).toBe(code);
  expect(await store.has(DIGEST)).toBe(false);
});

test.each([
  ['more', Buffer.concat([IMAGE, Buffer.from('more')]), 'too-long'],
  ['fewer', IMAGE.subarray(0, 1_000), 'connection-lost'],
])('a server that announces no length and sends %s bytes', async (_name, content, code) => {
  const { images, store } = await imageSite((_request, response) => {
    response.writeHead(200, { 'transfer-encoding': 'chunked' });
    response.end(content);
  });
  expect(await codeOf(images.sourceFor(() => {}).prepare(makeManifest(), never))).toBe(code);
  expect(await store.has(DIGEST)).toBe(false);
});

test('images that no open update needs give way, least recently used first; the others never', async () => {
  const kept = Buffer.alloc(200_000, 1);
  const { images, store } = await imageSite(
    (_request, response, offset) => serveRange(response, IMAGE, offset),
    { maxBytes: 650_000, needed: [sha256(kept)] },
  );
  await fill(store, kept);
  const idle = await fill(store, Buffer.alloc(200_000, 2));
  await images.sourceFor(() => {}).prepare(makeManifest(), never);
  expect(await store.has(sha256(kept))).toBe(true);
  expect(await store.has(idle)).toBe(false);
  expect(await store.has(DIGEST)).toBe(true);
});

test('an image for which there is no room is refused with storage-full', async () => {
  const kept = Buffer.alloc(200_000, 1);
  const { images, store } = await imageSite(
    (_request, response, offset) => serveRange(response, IMAGE, offset),
    { maxBytes: 450_000, needed: [sha256(kept)] },
  );
  await fill(store, kept);
  expect(await codeOf(images.sourceFor(() => {}).prepare(makeManifest(), never))).toBe('storage-full');
  expect(await store.has(sha256(kept))).toBe(true);
});

test('the fetch goes on while one update still waits for it, and ends with the last', async () => {
  let release = (): void => {};
  let gone = (): void => {};
  const aborted = new Promise<void>((resolve) => {
    gone = resolve;
  });
  const asked = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { images, ranges } = await imageSite((request, response) => {
    request.socket.once('close', gone);
    response.writeHead(200, { 'content-length': IMAGE.length });
    response.write(IMAGE.subarray(0, 10));
    release();
  });
  const [first, second] = [new AbortController(), new AbortController()];
  const waits = [first, second].map(({ signal }) =>
    codeOf(images.sourceFor(() => {}).prepare(makeManifest(), signal)),
  );
  await asked;
  first.abort();
  expect(await waits[0]).toBe('cancelled');
  second.abort();
  expect(await waits[1]).toBe('cancelled');
  await aborted;
  expect(ranges).toHaveLength(1);
});
