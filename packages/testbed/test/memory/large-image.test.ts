import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Seconds } from '@postern/core';
import type { SoftwareView } from '@postern/management-server/client';
import { type Site, startSite } from '@postern/testbed';
import { activeImage } from '../support/device-disk.ts';
import { type LargeFile, writeLargeFile } from '../support/large-file.ts';
import { FACTORY, PRINTER } from '../support/printer-site.ts';
import { MemoryWatch } from '../support/resident-memory.ts';

const MIB = 1_048_576;
const MOST_GROWTH = 40 * MIB;

let directory: string;
let site: Site;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-memory-'));
  site = await startSite({
    directory: join(directory, 'site'),
    processes: true,
    devices: [{ id: PRINTER, firmware: FACTORY }],
  });
  await site.operator.devicesKnown([PRINTER]);
}, 60_000);

afterAll(async () => {
  await site.close();
  await rm(directory, { recursive: true, force: true });
}, 30_000);

/** Streams the image to the server and registers it, without ever having it in memory. */
const register = async (image: LargeFile, version: string, releaseCounter: number): Promise<SoftwareView> => {
  const { client } = site.operator;
  const { path, length, sha256 } = image;
  await client.putImage(sha256, length, createReadStream(path, { highWaterMark: MIB / 4 }));
  const claims = { length, sha256 };
  const content = new Uint8Array(1);
  return client.registerSoftware(await site.operator.sign({ version, releaseCounter, content, claims }));
};

const update = async (image: LargeFile, version: string, releaseCounter: number) => {
  const ordered = await site.operator.order(PRINTER, await register(image, version, releaseCounter));
  return site.operator.finished(ordered.id, Seconds(150));
};

it('one byte is an image', async () => {
  const image = await writeLargeFile(join(directory, 'one-byte'), 1);
  expect(await update(image, '2.0.0', 2)).toMatchObject({ state: 'verified' });
  expect(await activeImage(site.files, PRINTER)).toEqual({ version: '2.0.0', sha256: image.sha256 });
}, 60_000);

it('nothing is not: an empty image is refused before anything is ordered', async () => {
  const image = await writeLargeFile(join(directory, 'empty'), 0);
  await expect(register(image, '2.0.1', 3)).rejects.toMatchObject({ code: 'image-empty' });
});

/**
 * Growth is counted from a process that has served an ordinary update: V8 collects dead buffers only when there are
 * 32 MiB of them (twice its young generation), in every Node process and whatever the length of the image.
 */
it('512 MiB pass through every tier, none of which grows by 40 MiB', async () => {
  const ordinary = await writeLargeFile(join(directory, 'ordinary'), 32 * MIB);
  expect(await update(ordinary, '2.1.0', 3)).toMatchObject({ state: 'verified' });
  const image = await writeLargeFile(join(directory, 'large'), 512 * MIB);
  const tiers = { server: site.server, intermediary: site.intermediary, devices: site.fleet };
  const watches: Record<string, MemoryWatch> = {};
  for (const [name, { pid }] of Object.entries(tiers)) watches[name] = await MemoryWatch.start(pid ?? 0);
  const look = (): Promise<unknown> => Promise.all(Object.values(watches).map((watch) => watch.look()));

  const software = await register(image, '3.0.0', 4);
  await look();
  const { id } = await site.operator.order(PRINTER, software, Seconds(150));
  await site.operator.until(
    'the update has finished',
    async () => {
      await look();
      return (await site.operator.client.update(id)).finishedAt !== null;
    },
    undefined,
    Seconds(150),
  );

  expect(await site.operator.client.update(id)).toMatchObject({ state: 'verified', assurance: 'full' });
  expect(await activeImage(site.files, PRINTER)).toEqual({ version: '3.0.0', sha256: image.sha256 });
  const grown = Object.entries(watches).filter(([, { growth }]) => growth >= MOST_GROWTH);
  expect(grown.map(([name, { growth }]) => `${name} grew by ${Math.round(growth / MIB)} MiB`)).toEqual([]);
}, 180_000);
