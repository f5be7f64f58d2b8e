import { startChild } from './support/children.js';
import { createIdentities } from './support/identities.js';
import { pollRequest } from './support/poll-requests.js';
import { progress, report } from './support/report.js';
import { startServerSite } from './support/server-site.js';
import { untilQuiet } from './support/until.js';
import { startWholeSite } from './support/whole-site.js';
import { makeDirectory } from './support/workspace.js';

const KIB = 1_024;

/** Longer than this benchmark. */
const HOLD_SECONDS = 600;

const WITH_GC = { nodeOptions: ['--expose-gc'] };

/** @typedef {import('./support/children.js').Child} Child */
/** @typedef {Awaited<ReturnType<typeof createIdentities>>} Identities */
/** @typedef {{ key: string, cert: string, requests: readonly Buffer[] }} Client */

/**
 * @typedef {object} Subject
 * @property {() => Promise<{ server: Child, port: number }>} start
 * @property {readonly Buffer[]} requests
 * @property {'open' | 'hold'} command What the load does.
 */

/**
 * Resident memory of a server for each of the connections that are opened to it, in bytes.
 *
 * @param {{ server: Child, load: Child, port: number, ca: string, clients: readonly Client[] }} parts
 * @param {Subject['command']} command
 */
const perConnection = async ({ server, load, port, ca, clients }, command) => {
  const before = await server.ask('memory');
  await load.ask(command, { port, ca, clients });
  await untilQuiet(server);
  const after = await server.ask('memory');
  await load.ask('check');
  await load.ask('close');
  return (after - before) / clients.length;
};

/** @param {{ quick: boolean }} options */
const measureConnections = async ({ quick }) => {
  const count = quick ? 200 : 1_000;
  const rounds = quick ? 1 : 2;
  const directory = await makeDirectory();
  const identities = await createIdentities(directory);
  const ca = identities.caPem;
  const clients = await issueClients(identities, count);
  const load = startChild('poll-load.js');
  // A server asks an intermediary for its devices before it holds a poll.
  const devices = { revision: 1, complete: true, device: [] };
  const introduction = await pollRequest({ sessionId: 'bench', holdSeconds: 0, capacity: 16, devices });
  const idlePoll = await pollRequest({ sessionId: 'bench', holdSeconds: 0, capacity: 16 });
  const heldPoll = await pollRequest({ sessionId: 'bench', holdSeconds: HOLD_SECONDS, capacity: 16 });
  /** @type {Record<'bare' | 'idle' | 'held', Subject>} */
  const subjects = {
    bare: { start: () => startBare(identities), requests: [idlePoll], command: 'open' },
    idle: { start: () => startServer(directory), requests: [idlePoll], command: 'open' },
    held: { start: () => startServer(directory), requests: [introduction, heldPoll], command: 'hold' },
  };
  /** @type {Record<keyof typeof subjects, number[]>} */
  const samples = { bare: [], idle: [], held: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const [name, { start, requests, command }] of typedEntries(subjects)) {
      // A new process each time: memory that a process has once taken it does not give back.
      const { server, port } = await start();
      const ready = clients.map((client) => ({ ...client, requests }));
      // A few connections first, so that code and caches are not counted.
      await perConnection({ server, load, port, ca, clients: ready.slice(0, 20) }, command);
      const bytes = await perConnection({ server, load, port, ca, clients: ready }, command);
      await server.stop();
      samples[name].push(bytes / KIB);
      progress(`  ${name}: ${(bytes / KIB).toFixed(1)} KiB for each of ${count} connections`);
    }
  }
  await load.stop();
  const unit = 'KiB/connection';
  const baseline = { metric: 'connection/bare-https-idle', samples: samples.bare };
  report({ bench: 'd', metric: baseline.metric, unit, samples: samples.bare });
  report({ bench: 'd', metric: 'connection/server-idle', unit, samples: samples.idle, baseline });
  report({ bench: 'd', metric: 'connection/server-held-poll', unit, samples: samples.held, baseline });
};

/**
 * A newer poll ends one that is held for the same intermediary, so each connection is another intermediary.
 *
 * @param {Identities} identities @param {number} count
 */
const issueClients = async (identities, count) => {
  const clients = [];
  for (let index = 0; index < count; index += 1) {
    clients.push(await identities.issue('intermediary', `site-${index}`));
  }
  return clients;
};

/** @param {Identities} identities */
const startBare = async (identities) => {
  const { directory } = await identities.enrol('server', 'bench-server');
  const server = startChild('bare-https-server.js', WITH_GC);
  return { server, port: await server.ask('start', directory) };
};

/** @param {string} directory */
const startServer = async (directory) => {
  const { child, uplinkPort } = await startServerSite(directory, {
    child: WITH_GC,
    config: { holdSecondsMax: HOLD_SECONDS },
  });
  return { server: child, port: uplinkPort };
};

/** @template {string} Key @template Value @param {Record<Key, Value>} record */
const typedEntries = (record) => /** @type {[Key, Value][]} */ (Object.entries(record));

/** @param {{ quick: boolean }} options */
const measureDevices = async ({ quick }) => {
  const [first, more] = quick ? [10, 40] : [50, 400];
  const site = await startWholeSite(await makeDirectory(), { devicesNodeOptions: WITH_GC.nodeOptions });
  const empty = await site.devices.ask('memory');
  await site.addDevices(first);
  await untilQuiet(site.devices);
  const few = await site.devices.ask('memory');
  await site.addDevices(more);
  await untilQuiet(site.devices);
  const many = await site.devices.ask('memory');
  await site.stop();
  const unit = 'KiB/device';
  const baseline = { metric: `device/first-${first}`, samples: [(few - empty) / KIB / first] };
  report({ bench: 'd', metric: baseline.metric, unit, samples: baseline.samples });
  report({ bench: 'd', metric: `device/next-${more}`, unit, samples: [(many - few) / KIB / more], baseline });
};

/** Memory of a held poll and of an emulated device. @param {{ quick: boolean }} options */
export const run = async (options) => {
  await measureConnections(options);
  await measureDevices(options);
};
