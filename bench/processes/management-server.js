/** The real management server in a process of its own, for (a), (c) and (d). */
import { readFile } from 'node:fs/promises';
import { systemClock, systemEntropy } from '@postern/core';
import { startManagementServer } from '@postern/management-server';
import { cpuSeconds, serve, settledMemory } from '../support/child.js';
import { benchLogger } from '../support/logger.js';

/** @type {import('@postern/management-server').ManagementServer | undefined} */
let server;

serve(
  {
    /** @param {import('@postern/management-server').ServerConfigInput} config */
    start: async (config) => {
      server = await startManagementServer(config, {
        clock: systemClock,
        entropy: systemEntropy,
        logger: benchLogger('management-server'),
      });
      const { uplinkPort, restPort, operatorTokenFile } = server;
      return { uplinkPort, restPort, token: (await readFile(operatorTokenFile, 'utf8')).trim() };
    },
    cpu: cpuSeconds,
    memory: settledMemory,
  },
  async () => server?.close(),
);
