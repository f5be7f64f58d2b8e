import { expect, test } from '@jest/globals';
import { temporaryDirectory } from '../support/directory.ts';
import { makeImage, openStore, put, readAll } from './support.ts';

const image = makeImage('image', 300_000);

test('a range is inclusive at both ends', async () => {
  const { store } = await openStore(await temporaryDirectory());
  await put(store, image);
  const read = async (range: { start?: number; end?: number }): Promise<Buffer> =>
    readAll(await store.openRead(image.sha256, range));
  expect(Buffer.compare(await read({ start: 10, end: 19 }), image.bytes.subarray(10, 20))).toBe(0);
  expect(Buffer.compare(await read({ start: 299_990 }), image.bytes.subarray(299_990))).toBe(0);
  expect(await read({ start: 300_000 })).toHaveLength(0);
});

test.each([{ start: -1 }, { start: 300_001 }, { start: 2, end: 1 }, { end: 300_000 }, { start: 0.5 }])(
  'the range %j is refused',
  async (range) => {
    const { store } = await openStore(await temporaryDirectory());
    await put(store, image);
    await expect(store.openRead(image.sha256, range)).rejects.toMatchObject({ code: 'range-invalid' });
  },
);

test('an image removed while it is read is read to its end', async () => {
  const { store } = await openStore(await temporaryDirectory());
  await put(store, image);
  const stream = await store.openRead(image.sha256);
  await store.remove(image.sha256);
  expect(await readAll(stream)).toHaveLength(300_000);
  await expect(store.openRead(image.sha256)).rejects.toMatchObject({ code: 'image-missing' });
});

test('an empty image can be stored and read', async () => {
  const { store } = await openStore(await temporaryDirectory());
  const empty = makeImage('empty', 0);
  await put(store, empty);
  expect(await readAll(await store.openRead(empty.sha256))).toHaveLength(0);
});
