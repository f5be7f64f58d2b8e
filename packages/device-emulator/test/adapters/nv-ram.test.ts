import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { PowerFence } from '@postern/image-slots';
import { factoryRecord } from '@postern/software-update';
import { NvRam, type NvRamContent, readNvRam, writeNvRam } from '../../src/adapters/flash/nv-ram.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const EMPTY: NvRamContent = { counters: {}, parameters: {}, ports: {} };

const prepared = async () => {
  const directory = await temporaryDirectory();
  await writeNvRam(directory, EMPTY);
  const fence = new PowerFence();
  return {
    directory,
    fence,
    nvRam: new NvRam(directory, EMPTY, fence),
    path: join(directory, 'nv-ram.json'),
  };
};

const counted = (content: NvRamContent): NvRamContent => ({
  ...content,
  counters: { copies: (content.counters['copies'] ?? 0) + 1 },
});

/** @spec X6 */
describe('NV-RAM', () => {
  test('has on the disk what an update has returned for', async () => {
    const { directory, nvRam } = await prepared();
    const record = factoryRecord({ firmware: 1 });
    await nvRam.targetMemory.save(record);
    expect((await readNvRam(directory)).target).toEqual(record);
    expect(await nvRam.targetMemory.load()).toEqual(record);
  });

  test('loses no change of a burst', async () => {
    const { directory, nvRam } = await prepared();
    await Promise.all(Array.from({ length: 50 }, () => nvRam.update(counted)));
    expect((await readNvRam(directory)).counters).toEqual({ copies: 50 });
  });

  test('does not show what could not be written', async () => {
    const { directory, fence, nvRam } = await prepared();
    await nvRam.update(counted);
    await fence.close();
    await expect(nvRam.update(counted)).rejects.toMatchObject({ code: 'powered-off' });
    expect(nvRam.content.counters).toEqual({ copies: 1 });
    expect((await readNvRam(directory)).counters).toEqual({ copies: 1 });
  });

  test('is reported when it is damaged, whatever the damage', async () => {
    const { directory, nvRam, path } = await prepared();
    await nvRam.update(counted);
    const whole = await readFile(path, 'utf8');
    for (const damaged of [
      '',
      '{}',
      'null',
      whole.slice(0, -20),
      whole.replace('"copies": 1', '"copies": 9'),
    ]) {
      await writeFile(path, damaged);
      await expect(readNvRam(directory)).rejects.toMatchObject({ code: 'nv-ram-corrupt' });
    }
  });

  test('is missing where no device was manufactured', async () => {
    await expect(readNvRam(await temporaryDirectory())).rejects.toMatchObject({
      code: 'device-not-manufactured',
    });
  });
});
