/** The updater of the conventional scheme, for (e) and (g). */
import { createReadStream } from 'node:fs';
import { ftpBulkPath } from '@postern/bulk-transfer';
import { systemClock } from '@postern/core';
import { updateConventionally } from '@postern/testbed/conventional';
import { cpuSeconds, serve } from '../support/child.js';
import { benchLogger } from '../support/logger.js';
import { FIXED_LOGIN } from '../support/product.js';
import { severalAtOnce } from '../support/several-at-once.js';

/** What the intermediary reads its images by, in bytes. */
const READ_CHUNK = 128 * 1_024;

const bulkPath = ftpBulkPath({ clock: systemClock, logger: benchLogger('conventional-updater') });

/**
 * @typedef {object} Order
 * @property {readonly number[]} ports Of the devices.
 * @property {string} version
 * @property {string} imageFile
 * @property {'verified' | 'not-required'} state As which each update is to end.
 */

serve({
  /** Updates all of the devices, as many at a time as the intermediary does. @param {Order} order */
  update: ({ ports, version, imageFile, state }) =>
    severalAtOnce(ports, async (port) => {
      const { signal } = new AbortController();
      const outcome = await updateConventionally(
        {
          bulkPath,
          endpoint: { host: '127.0.0.1', port },
          login: FIXED_LOGIN,
          version,
          image: () => createReadStream(imageFile, { highWaterMark: READ_CHUNK }),
          clock: systemClock,
        },
        signal,
      );
      if (outcome.state !== state) throw new Error(`An update ended as ${outcome.state}`);
    }),
  cpu: cpuSeconds,
});
