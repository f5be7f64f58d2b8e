/** Devices of another vendor that implement the patent's part and no more, all in this process, for (g). */
import { join } from 'node:path';
import { systemClock } from '@postern/core';
import { openNodeIdentity } from '@postern/pki';
import { startPatentDevice } from '../../packages/testbed/dist/patent-device/index.js';
import { cpuSeconds, serve } from '../support/child.js';
import { FACTORY_IMAGE } from '../support/image.js';
import { benchLogger } from '../support/logger.js';
import { COMPONENT, MODEL } from '../support/product.js';

/** @type {import('../../packages/testbed/dist/patent-device/index.js').PatentDevice[]} */
const devices = [];

/**
 * @typedef {object} Order
 * @property {string} dataDir
 * @property {readonly { id: string, identityDir: string }[]} devices
 * @property {{ name: string, secureUrl: string }} intermediary
 */

serve(
  {
    /** @param {Order} order */
    start: async ({ dataDir, devices: wanted, intermediary }) => {
      for (const { id, identityDir } of wanted) {
        const device = await startPatentDevice({
          id,
          model: MODEL,
          clock: systemClock,
          logger: benchLogger('patent-devices'),
          node: await openNodeIdentity({ directory: identityDir, clock: systemClock }),
          intermediary,
          directory: join(dataDir, id),
          software: { [COMPONENT]: FACTORY_IMAGE },
        });
        devices.push(device);
      }
    },
    cpu: cpuSeconds,
  },
  async () => {
    await Promise.all(devices.map((device) => device.close()));
  },
);
