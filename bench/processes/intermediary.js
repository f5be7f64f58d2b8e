/** The real intermediary in a process of its own, for (c) and (d). */
import { systemClock, systemEntropy } from '@postern/core';
import { parseConfig, startIntermediary } from '@postern/intermediary';
import { cpuSeconds, serve } from '../support/child.js';
import { benchLogger } from '../support/logger.js';

/** @type {import('@postern/intermediary').Intermediary | undefined} */
let intermediary;

serve(
  {
    /** @param {import('@postern/intermediary').IntermediaryConfigInput} config */
    start: async (config) => {
      intermediary = await startIntermediary(parseConfig(config), {
        clock: systemClock,
        entropy: systemEntropy,
        logger: benchLogger('intermediary'),
      });
      return { securePort: intermediary.securePort, noticePort: intermediary.noticePort };
    },
    cpu: cpuSeconds,
  },
  async () => intermediary?.close(),
);
