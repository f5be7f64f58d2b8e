import { statSync } from 'node:fs';
import { join } from 'node:path';
import { uplinkContract } from '@postern/contracts';
import { Seconds, systemClock } from '@postern/core';
import { clientTlsOptions } from '@postern/pki';
import { createSoapClient } from '@postern/soap-rpc';
import Database from 'better-sqlite3';
import { startChild } from './support/children.js';
import { DRIVER_CORE, onCore, SUBJECT_CORE } from './support/cores.js';
import { pollRequest } from './support/poll-requests.js';
import { COMPONENT, MODEL } from './support/product.js';
import { progress, report } from './support/report.js';
import { takeTurns } from './support/rounds.js';
import { startServerSite } from './support/server-site.js';
import { makeDirectory } from './support/workspace.js';

const INTERMEDIARIES = 100;
const DEVICES_EACH = 100;
const POLLS_PER_SECOND = 500;

/** Nothing on either side. */
const IDLE_POLL = { sessionId: 'bench', holdSeconds: 0, capacity: 16 };

/**
 * An intermediary that has told of its devices, and has made one poll since.
 *
 * @param {Awaited<ReturnType<typeof startServerSite>>} site @param {string} name
 */
const register = async (site, name) => {
  const issued = await site.identities.issue('intermediary', name);
  const node = { privateKeyPem: issued.key, certificatePem: issued.cert, caPem: site.identities.caPem };
  const client = createSoapClient(uplinkContract, {
    url: `https://127.0.0.1:${site.uplinkPort}/uplink`,
    tls: clientTlsOptions(node, { expect: { role: 'server', name: 'bench-server' } }),
    clock: systemClock,
    deadline: Seconds(30),
  });
  const device = Array.from({ length: DEVICES_EACH }, (_, index) => ({
    information: {
      deviceId: `${name}-device-${index}`,
      model: MODEL,
      components: { item: [{ component: COMPONENT, version: '1.0' }] },
      bulkPathKind: /** @type {const} */ ('ftp'),
    },
  }));
  await client.call('Poll', { ...IDLE_POLL, devices: { revision: 1, complete: true, device } });
  await client.call('Poll', IDLE_POLL);
  await client.close();
  return issued;
};

/**
 * Looks at the server's database from outside: `data_version` changes with every commit of another connection
 * (https://www.sqlite.org/pragma.html#pragma_data_version), and the log grows with what it writes.
 *
 * @param {string} file
 */
const watchDatabase = (file) => {
  const database = new Database(file, { readonly: true });
  const look = () => ({
    version: Number(database.pragma('data_version', { simple: true })),
    walBytes: statSync(`${file}-wal`).size,
    walChanged: statSync(`${file}-wal`).mtimeMs,
  });
  return { look, close: () => database.close() };
};

/**
 * Idle polls of a whole fleet at a steady rate: what they cost beside bare HTTPS, and that they write nothing.
 *
 * @param {{ quick: boolean }} options
 */
export const run = async ({ quick }) => {
  const directory = await makeDirectory();
  const site = await startServerSite(directory, { child: onCore(SUBJECT_CORE) });
  const bare = startChild('bare-https-server.js', onCore(SUBJECT_CORE));
  const load = startChild('poll-load.js', onCore(DRIVER_CORE));
  const barePort = await bare.ask('start', site.identityDir);
  const request = await pollRequest(IDLE_POLL);
  /** @type {{ key: string, cert: string, requests: readonly Buffer[] }[]} */
  const clients = [];
  for (let index = 0; index < INTERMEDIARIES; index += 1) {
    clients.push({ ...(await register(site, `site-${index}`)), requests: [request] });
  }
  progress(`  ${INTERMEDIARIES * DEVICES_EACH} devices registered`);
  const ca = site.identities.caPem;
  await load.ask('open', { port: site.uplinkPort, ca, clients });
  await bare.ask('answer', await load.ask('sample'));
  await load.ask('close');

  const database = watchDatabase(join(directory, 'server', 'server.db'));
  /** @type {{ grown: number[], rate: number[] }} */
  const seen = { grown: [], rate: [] };
  const polling = (/** @type {'server' | 'bare'} */ who) => async () => {
    const [child, port] = who === 'server' ? [site.child, site.uplinkPort] : [bare, barePort];
    await load.ask('open', { port, ca, clients });
    const before = { cpu: await child.ask('cpu'), database: database.look() };
    const pace = { perSecond: POLLS_PER_SECOND, milliseconds: quick ? 1_000 : 5_000 };
    const { exchanges, seconds } = await load.ask('pace', pace);
    const used = (await child.ask('cpu')) - before.cpu;
    const after = database.look();
    await load.ask('close');
    if (JSON.stringify(after) !== JSON.stringify(before.database)) {
      throw new Error(`Idle polls have written: ${JSON.stringify({ before: before.database, after })}`);
    }
    if (who === 'server') {
      seen.grown.push(after.walBytes - before.database.walBytes);
      seen.rate.push(exchanges / seconds);
    }
    return (used * 1_000) / exchanges;
  };
  const cost = await takeTurns(quick ? 1 : 3, { server: polling('server'), bare: polling('bare') });
  database.close();
  const baseline = { metric: 'idle-fleet/bare-https', samples: cost.bare };
  report({ bench: 'i', metric: baseline.metric, unit: 'CPU-ms/poll', samples: cost.bare });
  report({ bench: 'i', metric: 'idle-fleet/server', unit: 'CPU-ms/poll', samples: cost.server, baseline });
  report({ bench: 'i', metric: 'idle-fleet/rate', unit: 'polls/s', samples: seen.rate.slice(1) });
  report({ bench: 'i', metric: 'idle-fleet/written', unit: 'bytes', samples: seen.grown.slice(1) });
  await Promise.all([load, bare, site].map((part) => part.stop()));
};
