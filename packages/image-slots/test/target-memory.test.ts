import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { openTargetMemory, PowerFence } from '@postern/image-slots';
import { factoryRecord } from '@postern/software-update';
import { temporaryDirectory } from './support/temporary.ts';

const prepared = async () => {
  const path = join(await temporaryDirectory(), 'target.json');
  const fence = new PowerFence();
  return { path, fence, memory: await openTargetMemory(path, fence) };
};

const reopened = (path: string) => openTargetMemory(path, new PowerFence());

/** @spec X6 */
describe('the memory of a target', () => {
  test('is empty before the first start', async () => {
    const { memory } = await prepared();
    expect(await memory.load()).toBeUndefined();
  });

  test('has on the disk what a save has returned for', async () => {
    const { path, memory } = await prepared();
    const record = factoryRecord({ firmware: 1 });
    await memory.save(record);
    expect(await memory.load()).toEqual(record);
    expect(await (await reopened(path)).load()).toEqual(record);
  });

  test('keeps the last of several saves that overtake each other', async () => {
    const { path, memory } = await prepared();
    await Promise.all([1, 2, 3].map((firmware) => memory.save(factoryRecord({ firmware }))));
    expect(await (await reopened(path)).load()).toEqual(factoryRecord({ firmware: 3 }));
  });

  test('does not show what could not be written', async () => {
    const { path, fence, memory } = await prepared();
    await memory.save(factoryRecord({ firmware: 1 }));
    await fence.close();
    await expect(memory.save(factoryRecord({ firmware: 2 }))).rejects.toMatchObject({ code: 'powered-off' });
    expect(await (await reopened(path)).load()).toEqual(factoryRecord({ firmware: 1 }));
  });

  test('is reported when it is damaged', async () => {
    const { path, memory } = await prepared();
    await memory.save(factoryRecord({ firmware: 1 }));
    await writeFile(path, (await readFile(path, 'utf8')).replace('"firmware": 1', '"firmware": 2'));
    await expect(reopened(path)).rejects.toMatchObject({ code: 'target-record-damaged' });
  });
});
