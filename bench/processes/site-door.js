/** An intermediary for (h) that takes registrations and start notifications, and does nothing else. */
import { intermediaryContract } from '@postern/contracts';
import { systemClock } from '@postern/core';
import { openNodeIdentity, serverTlsOptions } from '@postern/pki';
import { createSoapListener, createSoapService, everyOperation } from '@postern/soap-rpc';
import { serve } from '../support/child.js';
import { benchLogger } from '../support/logger.js';

/** Each device opens a connection, and many come at once. */
const LIMITS = { connections: 20_000 };

let starts = 0;

serve({
  /** @param {string} identityDir */
  start: async (identityDir) => {
    const node = await openNodeIdentity({ directory: identityDir, clock: systemClock });
    const logger = benchLogger('site-door');
    const service = createSoapService(
      intermediaryContract,
      {
        ...everyOperation(intermediaryContract, async () => {
          throw new Error('Not in this benchmark');
        }),
        Register: async () => ({ active: true, intermediaryId: node.identity.name }),
        NotifyStart: async () => {
          starts += 1;
          return {};
        },
      },
      { logger },
    );
    const common = { host: '127.0.0.1', port: 0, clock: systemClock, logger, limits: LIMITS };
    const secure = await createSoapListener({
      ...common,
      services: { '/intermediary': service },
      tls: serverTlsOptions(node, { clientAuthentication: 'required' }),
    });
    return secure.port;
  },
  /** Devices that have registered and then told of their start. */
  starts: () => starts,
});
