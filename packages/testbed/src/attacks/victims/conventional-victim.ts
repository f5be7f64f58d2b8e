import { join } from 'node:path';
import { ftpBulkPath } from '@postern/bulk-transfer';
import { errorCode, silentLogger } from '@postern/core';
import { type ConventionalDevice, startConventionalDevice } from '../../conventional/conventional-device.ts';
import { updateConventionally } from '../../conventional/conventional-updater.ts';
import { testbedError } from '../../errors.ts';
import { FACTORY, labelOf, RELEASE } from '../images.ts';
import { DEVICE, NEIGHBOUR, type OpenVictim } from './victim.ts';

/** What a service technician set on every device of the series. */
export const FIXED_LOGIN = { userName: 'service', password: 'update1234' } as const;

const HOST = '127.0.0.1';
/** Room that a device has for an image. */
export const DEVICE_ROOM = 8 * 1_024 * 1_024;

/** Scheme (a). */
export const openConventionalVictim: OpenVictim = async (scene, options) => {
  const { clock, directory, atEnd } = scene;
  const { factory = FACTORY, losesImages = false, through } = options;
  const open = async (name: string): Promise<ConventionalDevice> => {
    const device = await startConventionalDevice({
      clock,
      logger: silentLogger,
      host: HOST,
      port: 0,
      login: FIXED_LOGIN,
      directory: join(directory, name),
      firmware: factory.content,
      storageBytes: DEVICE_ROOM,
      losesImages,
    });
    atEnd(() => device.close());
    return device;
  };
  const device = await open(DEVICE);
  const neighbour = options.neighbour ? await open(NEIGHBOUR) : undefined;
  const ending = new AbortController();
  atEnd(async () => ending.abort());
  return {
    userName: FIXED_LOGIN.userName,
    bulk: { host: HOST, port: device.port },
    secure: undefined,
    neighbour: neighbour && { host: HOST, port: neighbour.port },
    site: undefined,
    update: async () => {
      const outcome = updateConventionally(
        {
          bulkPath: ftpBulkPath({ clock, logger: silentLogger }),
          endpoint: { host: HOST, port: through?.ftp ?? device.port },
          login: FIXED_LOGIN,
          version: RELEASE.version,
          image: async function* () {
            yield RELEASE.content;
          },
          clock,
        },
        ending.signal,
      ).then(
        ({ state }) => state,
        (error: unknown) => `failed: ${errorCode(error, 'unknown')}`,
      );
      return { ended: () => outcome, reached: async () => {} };
    },
    runs: async () => labelOf(await device.image()),
    neighbourRuns: async () => labelOf((await neighbour?.image()) ?? Buffer.alloc(0)),
    mostTaken: async () => device.mostTaken,
    startsBelieved: async () => 0,
    occupy: () => {
      throw testbedError('not-offered', 'A device of the conventional scheme has no jobs');
    },
  };
};
