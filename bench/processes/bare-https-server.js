/** The baseline of (a) and (d): mutual TLS and HTTP as Node gives them, one answer for every request. */
import { createServer } from 'node:https';
import { systemClock } from '@postern/core';
import { openNodeIdentity, serverTlsOptions } from '@postern/pki';
import { cpuSeconds, serve, settledMemory } from '../support/child.js';

const IDLE_LIMIT = 600_000;

let answer = Buffer.alloc(0);

serve({
  /** @param {string} identityDir */
  start: async (identityDir) => {
    const node = await openNodeIdentity({ directory: identityDir, clock: systemClock });
    const options = {
      ...serverTlsOptions(node, { clientAuthentication: 'required' }),
      keepAliveTimeout: IDLE_LIMIT,
      noDelay: true,
    };
    const server = createServer(options, (request, response) => {
      /** @type {Buffer[]} */
      const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        Buffer.concat(chunks);
        response.writeHead(200, {
          'content-type': 'text/xml; charset=utf-8',
          'content-length': answer.length,
        });
        response.end(answer);
      });
    });
    await new Promise((resolve) =>
      server.listen({ host: '127.0.0.1', port: 0, backlog: 511 }, () => resolve(undefined)),
    );
    const address = server.address();
    return typeof address === 'object' ? address?.port : undefined;
  },
  /** @param {Uint8Array} body */
  answer: (body) => {
    answer = Buffer.from(body);
  },
  cpu: cpuSeconds,
  memory: settledMemory,
});
