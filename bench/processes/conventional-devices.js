/** Devices of the conventional scheme, all in this process, for (e) and (g). */
import { join } from 'node:path';
import { systemClock } from '@postern/core';
import { startConventionalDevice } from '@postern/testbed/conventional';
import { cpuSeconds, serve } from '../support/child.js';
import { FACTORY_IMAGE } from '../support/image.js';
import { benchLogger } from '../support/logger.js';
import { FIXED_LOGIN } from '../support/product.js';

/** @type {import('@postern/testbed/conventional').ConventionalDevice[]} */
const devices = [];

serve(
  {
    /** @param {{ dataDir: string, count: number }} order @returns the ports of their bulk paths */
    start: async ({ dataDir, count }) => {
      for (let index = 0; index < count; index += 1) {
        const device = await startConventionalDevice({
          clock: systemClock,
          logger: benchLogger('conventional-devices'),
          host: '127.0.0.1',
          port: 0,
          login: FIXED_LOGIN,
          directory: join(dataDir, `device-${index}`),
          firmware: FACTORY_IMAGE,
        });
        devices.push(device);
      }
      return devices.map(({ port }) => port);
    },
    cpu: cpuSeconds,
  },
  async () => {
    await Promise.all(devices.map((device) => device.close()));
  },
);
