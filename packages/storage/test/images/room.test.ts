import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Seconds } from '@postern/core';
import { temporaryDirectory } from '../support/directory.ts';
import { makeImage, openStore, put } from './support.ts';

const [a, b, c] = ['a', 'b', 'c'].map((seed) => makeImage(seed, 1_000)) as [
  ReturnType<typeof makeImage>,
  ReturnType<typeof makeImage>,
  ReturnType<typeof makeImage>,
];

test('the quota counts what is there and what is being received', async () => {
  const { store } = await openStore(await temporaryDirectory(), { maxBytes: 2_500 });
  await put(store, a);
  const receiver = await store.receive({ sha256: b.sha256, length: 1_000 });
  await expect(store.receive({ sha256: c.sha256, length: 1_000 })).rejects.toMatchObject({
    code: 'storage-full',
    hint: expect.stringContaining('quota'),
  });
  await receiver.abort();
  await put(store, c);
});

test('a disk without room is refused before the first byte', async () => {
  let free = 999;
  const { store } = await openStore(await temporaryDirectory(), { freeBytes: async () => free });
  await expect(store.receive({ sha256: a.sha256, length: 1_000 })).rejects.toMatchObject({
    code: 'storage-full',
  });
  free = 1_500;
  const receiver = await store.receive({ sha256: a.sha256, length: 1_000 });
  await expect(store.receive({ sha256: b.sha256, length: 1_000 })).rejects.toMatchObject({
    code: 'storage-full',
  });
  await receiver.abort();
});

test('eviction takes the least recently used first and spares what must stay', async () => {
  const { store, clock } = await openStore(await temporaryDirectory(), { maxBytes: 3_000 });
  for (const image of [a, b, c]) {
    await put(store, image);
    await clock.advance(Seconds(1));
  }
  (await store.openRead(a.sha256)).destroy();
  expect((await store.list()).map(({ sha256 }) => sha256)).toEqual([b.sha256, c.sha256, a.sha256]);
  expect(await store.evictUntil(1_000, new Set([b.sha256]))).toEqual([c.sha256]);
  expect(await store.evictUntil(1_000, new Set())).toEqual([]);
  expect(await store.has(a.sha256)).toBe(true);
});

test('eviction that would not help removes nothing', async () => {
  const { store } = await openStore(await temporaryDirectory(), { maxBytes: 3_000 });
  await put(store, a);
  await expect(store.evictUntil(3_001, new Set())).rejects.toMatchObject({ code: 'storage-full' });
  expect(await store.has(a.sha256)).toBe(true);
});

test('an interrupted partial image gives way too', async () => {
  const { store } = await openStore(await temporaryDirectory(), { maxBytes: 1_500 });
  const receiver = await store.receive({ sha256: a.sha256, length: 1_000 });
  await receiver.write(a.bytes);
  expect(await store.evictUntil(500, new Set())).toEqual([]);
  await receiver.abort();
  expect(await store.evictUntil(1_000, new Set())).toEqual([a.sha256]);
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('a disk that fills up while an image is received has the same code', async () => {
  const directory = await temporaryDirectory();
  const { store } = await openStore(directory);
  await symlink('/dev/full', join(directory, `${a.sha256}.partial`));
  const receiver = await store.receive({ sha256: a.sha256, length: 1_000, resume: true });
  const full = { code: 'storage-full', cause: expect.objectContaining({ code: 'ENOSPC' }) };
  await expect(receiver.write(a.bytes)).rejects.toMatchObject(full);
  await expect(receiver.finish()).rejects.toMatchObject(full);
  await receiver.abort();
  expect(await store.has(a.sha256)).toBe(false);
});
