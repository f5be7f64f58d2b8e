import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { killHard, startChild } from '../support/child.ts';
import { temporaryDirectory } from '../support/directory.ts';
import { makeImage, openStore, put, readAll } from './support.ts';

const image = makeImage('image', 100_000);
const half = image.bytes.subarray(0, 60_000);
const rest = image.bytes.subarray(60_000);
const announced = { sha256: image.sha256, length: image.bytes.length };

test('an image is there once it was received in chunks and verified, not before', async () => {
  const { store, clock } = await openStore(await temporaryDirectory());
  const receiver = await store.receive(announced);
  await receiver.write(half);
  expect(receiver.offset).toBe(half.length);
  expect(await store.has(image.sha256)).toBe(false);
  await receiver.write(rest);
  await receiver.finish();
  await receiver.abort();
  expect(await store.stat(image.sha256)).toEqual({ ...announced, lastUsed: clock.now() });
  expect(Buffer.compare(await readAll(await store.openRead(image.sha256)), image.bytes)).toBe(0);
  await expect(receiver.write(rest)).rejects.toMatchObject({ code: 'receiver-closed' });
});

/** @spec X5 */
test('an aborted transfer goes on where it stopped', async () => {
  const { store } = await openStore(await temporaryDirectory());
  const interrupted = await store.receive(announced);
  await interrupted.write(half);
  await interrupted.abort();
  const resumed = await store.receive({ ...announced, resume: true });
  expect(resumed.offset).toBe(half.length);
  await resumed.write(rest);
  await resumed.finish();
  expect(await store.has(image.sha256)).toBe(true);
});

/** @spec X5 X6 */
test('a transfer whose process was killed goes on where it stopped', async () => {
  const directory = await temporaryDirectory();
  const { child, firstLine } = await startChild('receive-half.mjs', [
    directory,
    image.sha256,
    String(image.bytes.length),
    Buffer.from(half).toString('base64'),
  ]);
  expect(firstLine).toBe(String(half.length));
  await killHard(child);

  const { store } = await openStore(directory);
  expect(await store.has(image.sha256)).toBe(false);
  const resumed = await store.receive({ ...announced, resume: true });
  expect(resumed.offset).toBe(half.length);
  await resumed.write(rest);
  await resumed.finish();
  expect(Buffer.compare(await readAll(await store.openRead(image.sha256)), image.bytes)).toBe(0);
});

test('without resume the held part is thrown away, and so is one longer than the image', async () => {
  const directory = await temporaryDirectory();
  const { store } = await openStore(directory);
  const partial = join(directory, `${image.sha256}.partial`);
  await writeFile(partial, half);
  const fresh = await store.receive(announced);
  expect(fresh.offset).toBe(0);
  await fresh.abort();
  await writeFile(partial, Buffer.alloc(image.bytes.length + 1));
  const resumed = await store.receive({ ...announced, resume: true });
  expect(resumed.offset).toBe(0);
  await resumed.abort();
});

test('other bytes than announced are refused and removed', async () => {
  const directory = await temporaryDirectory();
  const { store } = await openStore(directory);
  const tampered = await store.receive(announced);
  await tampered.write(Buffer.alloc(image.bytes.length));
  await expect(tampered.finish()).rejects.toMatchObject({ code: 'digest-mismatch' });
  expect(await readdir(directory)).toEqual([]);
});

test('more or fewer bytes than announced are refused and removed', async () => {
  const directory = await temporaryDirectory();
  const { store } = await openStore(directory);
  const short = await store.receive(announced);
  await short.write(half);
  await expect(short.finish()).rejects.toMatchObject({ code: 'length-mismatch' });
  const endless = await store.receive(announced);
  await endless.write(image.bytes);
  await expect(endless.write(new Uint8Array(1))).rejects.toMatchObject({ code: 'length-mismatch' });
  await expect(endless.finish()).rejects.toMatchObject({ code: 'receiver-closed' });
  expect(await readdir(directory)).toEqual([]);
});

test('one receiver a digest at a time, and no removal meanwhile', async () => {
  const { store } = await openStore(await temporaryDirectory());
  const receiver = await store.receive(announced);
  await expect(store.receive(announced)).rejects.toMatchObject({ code: 'image-busy' });
  await expect(store.remove(image.sha256)).rejects.toMatchObject({ code: 'image-busy' });
  await receiver.abort();
  await (await store.receive(announced)).abort();
});

test('rehashing a held part can be cancelled, and leaves the digest free', async () => {
  const directory = await temporaryDirectory();
  const { store } = await openStore(directory);
  await writeFile(join(directory, `${image.sha256}.partial`), half);
  const signal = AbortSignal.abort();
  await expect(store.receive({ ...announced, resume: true, signal })).rejects.toMatchObject({
    code: 'cancelled',
  });
  await put(store, image);
});

test.each(['', 'A'.repeat(64), '../'.repeat(20), `${'a'.repeat(63)}/`, `${'a'.repeat(64)}\n`])(
  'what is no digest never becomes a path: %j',
  async (sha256) => {
    const { store } = await openStore(await temporaryDirectory());
    const refused = { code: 'digest-invalid' };
    await expect(store.has(sha256)).rejects.toMatchObject(refused);
    await expect(store.openRead(sha256)).rejects.toMatchObject(refused);
    await expect(store.receive({ sha256, length: 1 })).rejects.toMatchObject(refused);
    await expect(store.remove(sha256)).rejects.toMatchObject(refused);
  },
);

test.each([-1, 0.5, Number.NaN, 2 ** 53])('a length of %p is refused', async (length) => {
  const { store } = await openStore(await temporaryDirectory());
  await expect(store.receive({ sha256: image.sha256, length })).rejects.toMatchObject({
    code: 'length-invalid',
  });
});
