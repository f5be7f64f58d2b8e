import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { startChild } from './children.js';
import { measureCpu } from './cpu.js';
import { imagePieces, versionLine } from './image.js';

/**
 * Devices of the conventional scheme and their updater, each side a process.
 *
 * @param {string} directory
 * @param {number} count Of devices.
 */
export const startConventionalSite = async (directory, count) => {
  const dataDir = join(directory, 'conventional');
  await mkdir(dataDir);
  const devices = startChild('conventional-devices.js');
  const updater = startChild('conventional-updater.js');
  const ports = await devices.ask('start', { dataDir, count });
  return {
    /**
     * Writes the image of a release to a file, as an updater has it.
     *
     * @param {{ version: string, length: number }} release
     */
    publish: async ({ version, length }) => {
      const imageFile = join(dataDir, `${version}.img`);
      const pieces = Readable.from(imagePieces(length, versionLine(version)), { objectMode: false });
      await pipeline(pieces, createWriteStream(imageFile));
      return { version, imageFile };
    },
    /**
     * Updates all devices.
     *
     * @param {{ version: string, imageFile: string }} release
     * @param {'verified' | 'not-required'} state As which each update is to end.
     * @returns CPU-milliseconds of both sides for each update
     */
    update: (release, state) =>
      measureCpu({ updater, devices }, count, () => updater.ask('update', { ports, ...release, state })),
    stop: async () => {
      await Promise.all([updater, devices].map((child) => child.stop()));
    },
  };
};
