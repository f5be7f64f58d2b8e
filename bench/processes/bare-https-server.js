/**
 * The baseline of (a) and (d): mutual TLS and HTTP as Node gives them, one answer for every request; and where the
 * server has to store something before it answers, one commit of SQLite as durable as the server's.
 */
import { createServer } from 'node:https';
import { systemClock } from '@postern/core';
import { openNodeIdentity, serverTlsOptions } from '@postern/pki';
import Database from 'better-sqlite3';
import { cpuSeconds, serve, settledMemory } from '../support/child.js';

const IDLE_LIMIT = 600_000;

let answer = Buffer.alloc(0);
let commit = () => {};

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
        commit();
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
  /** From now on each answer is preceded by a commit. @param {string} file */
  store: (file) => {
    const database = new Database(file);
    database.pragma('journal_mode = WAL');
    database.pragma('synchronous = FULL');
    database.exec('CREATE TABLE counter (id INTEGER PRIMARY KEY, value INTEGER NOT NULL) STRICT');
    database.exec('INSERT INTO counter VALUES (1, 0)');
    const update = database.prepare('UPDATE counter SET value = value + 1 WHERE id = 1');
    commit = () => {
      update.run();
    };
  },
  /** @param {Uint8Array} body */
  answer: (body) => {
    answer = Buffer.from(body);
  },
  cpu: cpuSeconds,
  memory: settledMemory,
});
