import { join } from 'node:path';
import { uplinkContract } from '@postern/contracts';
import { Seconds, systemClock } from '@postern/core';
import { clientTlsOptions } from '@postern/pki';
import { createSoapClient } from '@postern/soap-rpc';
import { startChild } from './support/children.js';
import { DRIVER_CORE, onCore, SUBJECT_CORE } from './support/cores.js';
import { pollRequest } from './support/poll-requests.js';
import { COMPONENT, MODEL } from './support/product.js';
import { report } from './support/report.js';
import { takeTurns } from './support/rounds.js';
import { startServerSite } from './support/server-site.js';
import { makeDirectory } from './support/workspace.js';

const INTERMEDIARIES = 32;

/** Nothing on either side: what a site's poll is for most of its life. */
const IDLE_POLL = { sessionId: 'bench', holdSeconds: 0, capacity: 16 };

/** Of an update under way. A change of the phase is stored, so each of these polls costs a commit. */
const PHASES = ['transferring', 'installing'];

/** @typedef {Awaited<ReturnType<typeof startServerSite>>} ServerSite */

/**
 * An intermediary with one device whose update it has taken.
 *
 * @param {ServerSite} site @param {string} name @param {string} software
 */
const takeUpdate = async (site, name, software) => {
  const { node } = await site.identities.enrol('intermediary', name);
  const client = createSoapClient(uplinkContract, {
    url: `https://127.0.0.1:${site.uplinkPort}/uplink`,
    tls: clientTlsOptions(node, { expect: { role: 'server', name: 'bench-server' } }),
    clock: systemClock,
    deadline: Seconds(10),
  });
  const deviceId = `${name}-device`;
  const information = {
    deviceId,
    model: MODEL,
    components: { item: [{ component: COMPONENT, version: '1.0' }] },
    bulkPathKind: /** @type {const} */ ('ftp'),
  };
  const devices = { revision: 1, complete: true, device: [{ information }] };
  await client.call('Poll', { ...IDLE_POLL, devices });
  await site.operator.orderUpdate({ deviceId, software });
  const { requests } = await client.call('Poll', IDLE_POLL);
  const requestId = requests?.request[0]?.requestId;
  if (requestId === undefined) throw new Error('The server did not send the ordered update');
  await client.call('Poll', { ...IDLE_POLL, received: { id: [requestId] } });
  await client.close();
  return { key: node.privateKeyPem, cert: node.certificatePem, requestId };
};

/** @param {string} requestId */
const delayNoticePolls = (requestId) =>
  Promise.all(
    PHASES.map((phase, index) =>
      pollRequest({
        ...IDLE_POLL,
        delayNotices: {
          delayNotice: [{ requestId, phase, progress: { doneBytes: 1_000 + index, totalBytes: 8_388_608 } }],
        },
      }),
    ),
  );

/**
 * @typedef {object} Parts
 * @property {ServerSite} site
 * @property {import('./support/children.js').Child} load
 * @property {import('./support/children.js').Child} bare
 * @property {number} barePort
 */

/**
 * One kind of poll, on both servers in turn.
 *
 * @param {Parts} parts
 * @param {string} kind
 * @param {string} baselineName
 * @param {readonly { key: string, cert: string, requests: readonly Buffer[] }[]} clients
 * @param {{ quick: boolean }} options
 */
const compare = async ({ site, load, bare, barePort }, kind, baselineName, clients, { quick }) => {
  const ca = site.identities.caPem;
  await load.ask('open', { port: site.uplinkPort, ca, clients });
  await bare.ask('answer', await load.ask('sample'));
  await load.ask('close');
  /** @type {Record<'server' | 'bare', number[]>} */
  const perSecond = { server: [], bare: [] };
  const exchanging = (/** @type {'server' | 'bare'} */ who) => async () => {
    const [server, port] = who === 'server' ? [site.child, site.uplinkPort] : [bare, barePort];
    await load.ask('open', { port, ca, clients });
    const before = await server.ask('cpu');
    const { exchanges, seconds } = await load.ask('run', quick ? 500 : 1_500);
    const used = (await server.ask('cpu')) - before;
    await load.ask('close');
    perSecond[who].push(exchanges / seconds);
    return exchanges / used;
  };
  const perCpuSecond = await takeTurns(quick ? 2 : 5, {
    server: exchanging('server'),
    bare: exchanging('bare'),
  });
  // The warm-up round stands first.
  const perWallSecond = { server: perSecond.server.slice(1), bare: perSecond.bare.slice(1) };
  for (const [unit, samples] of /** @type {const} */ ([
    ['exchanges/CPU-s', perCpuSecond],
    ['exchanges/s', perWallSecond],
  ])) {
    const baseline = { metric: `${kind}/${baselineName}`, samples: samples.bare };
    report({ bench: 'a', metric: baseline.metric, unit, samples: samples.bare });
    report({ bench: 'a', metric: `${kind}/server`, unit, samples: samples.server, baseline });
  }
};

/** Polls of the real management server, against bare mutual TLS with the same bytes. @param {{ quick: boolean }} options */
export const run = async (options) => {
  const directory = await makeDirectory();
  const site = await startServerSite(directory, { child: onCore(SUBJECT_CORE) });
  const bare = startChild('bare-https-server.js', onCore(SUBJECT_CORE));
  const load = startChild('poll-load.js', onCore(DRIVER_CORE));
  const parts = { site, load, bare, barePort: await bare.ask('start', site.identityDir) };
  const software = await site.publish({ version: '2.0', releaseCounter: 2, length: 65_536 });
  const updates = [];
  for (let index = 0; index < INTERMEDIARIES; index += 1) {
    updates.push(await takeUpdate(site, `site-${index}`, software));
  }
  const idle = await pollRequest(IDLE_POLL);
  const idleClients = updates.map(({ key, cert }) => ({ key, cert, requests: [idle] }));
  await compare(parts, 'idle-poll', 'bare-https', idleClients, options);

  const busyClients = await Promise.all(
    updates.map(async ({ key, cert, requestId }) => ({
      key,
      cert,
      requests: await delayNoticePolls(requestId),
    })),
  );
  await bare.ask('store', join(directory, 'bare.db'));
  await compare(parts, 'delay-notice-poll', 'bare-https-and-commit', busyClients, options);
  await Promise.all([load, bare, site].map((part) => part.stop()));
};
