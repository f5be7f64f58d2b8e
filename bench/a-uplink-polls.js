import { uplinkContract } from '@postern/contracts';
import { Seconds, systemClock } from '@postern/core';
import { clientTlsOptions } from '@postern/pki';
import { createSoapClient } from '@postern/soap-rpc';
import { startChild } from './support/children.js';
import { DRIVER_CORE, onCore, SUBJECT_CORE } from './support/cores.js';
import { pollRequest } from './support/poll-requests.js';
import { report } from './support/report.js';
import { takeTurns } from './support/rounds.js';
import { COMPONENT, MODEL, startServerSite } from './support/server-site.js';
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

/** Polls a second of the real management server, against bare mutual TLS with the same bytes. @param {{ quick: boolean }} options */
export const run = async ({ quick }) => {
  const site = await startServerSite(await makeDirectory(), { child: onCore(SUBJECT_CORE) });
  const bare = startChild('bare-https-server.js', onCore(SUBJECT_CORE));
  const load = startChild('poll-load.js', onCore(DRIVER_CORE));
  const barePort = await bare.ask('start', site.identityDir);
  const software = await site.publish({ version: '2.0', releaseCounter: 2, length: 65_536 });
  const updates = [];
  for (let index = 0; index < INTERMEDIARIES; index += 1) {
    updates.push(await takeUpdate(site, `site-${index}`, software));
  }
  const idle = await pollRequest(IDLE_POLL);
  const kinds = {
    'idle-poll': async () => [idle],
    'delay-notice-poll': delayNoticePolls,
  };
  for (const [kind, requestsOf] of Object.entries(kinds)) {
    const clients = await Promise.all(
      updates.map(async ({ key, cert, requestId }) => ({ key, cert, requests: await requestsOf(requestId) })),
    );
    await measure(kind, clients);
  }
  await Promise.all([load, bare, site].map((part) => part.stop()));

  /** @param {string} kind @param {readonly { key: string, cert: string, requests: readonly Buffer[] }[]} clients */
  async function measure(kind, clients) {
    const ca = site.identities.caPem;
    await load.ask('open', { port: site.uplinkPort, ca, clients });
    await bare.ask('answer', await load.ask('sample'));
    await load.ask('close');
    /** @type {Record<string, number[]>} */
    const perSecond = { subject: [], baseline: [] };
    const exchange = (/** @type {'subject' | 'baseline'} */ who) => async () => {
      const [server, port] = who === 'subject' ? [site.child, site.uplinkPort] : [bare, barePort];
      await load.ask('open', { port, ca, clients });
      await load.ask('exchangeOnce');
      const before = await server.ask('cpu');
      const { exchanges, seconds } = await load.ask('run', quick ? 700 : 1_500);
      const used = (await server.ask('cpu')) - before;
      await load.ask('close');
      perSecond[who]?.push(exchanges / seconds);
      return exchanges / used;
    };
    const samples = await takeTurns(quick ? 3 : 7, {
      subject: exchange('subject'),
      baseline: exchange('baseline'),
    });
    // The warm-up round stands first.
    const wall = {
      subject: perSecond['subject']?.slice(1) ?? [],
      baseline: perSecond['baseline']?.slice(1) ?? [],
    };
    for (const [unit, { subject, baseline }] of /** @type {const} */ ([
      ['exchanges/CPU-s', samples],
      ['exchanges/s', wall],
    ])) {
      const metric = `${kind}/bare-https`;
      report({ bench: 'a', metric, unit, samples: baseline });
      report({
        bench: 'a',
        metric: `${kind}/server`,
        unit,
        samples: subject,
        baseline: { metric, samples: baseline },
      });
    }
  }
};
