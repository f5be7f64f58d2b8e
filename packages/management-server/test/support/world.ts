import { readFile, writeFile } from 'node:fs/promises';
import type { ClientRequest } from 'node:http';
import { join } from 'node:path';
import {
  type OperatorOperations,
  operatorContract,
  type UplinkOperations,
  type uplink,
  uplinkContract,
} from '@postern/contracts';
import { Hours, Instant, type NodeRole, Seconds, systemClock, systemEntropy } from '@postern/core';
import { memoryLogger, VirtualClock } from '@postern/core/testing';
import {
  type ManagementServer,
  type ServerConfigInput,
  startManagementServer,
} from '@postern/management-server';
import {
  type Authority,
  clientTlsOptions,
  type EnrolledNode,
  ensureNodeIdentity,
  openAuthority,
} from '@postern/pki';
import { createSoapClient, type SoapClient } from '@postern/soap-rpc';
import { temporaryDirectory } from './directory.ts';
import { beginHttps, callHttps, type RestAnswer, type RestCall } from './rest-client.ts';
import { IMAGE, manifestOf, sha256, signed, vendor } from './software.ts';
import { until } from './until.ts';

/** A server on a virtual clock with real listeners, and who calls it. */
export interface World {
  readonly clock: VirtualClock;
  readonly logger: ReturnType<typeof memoryLogger>;
  readonly directory: string;
  readonly authority: Authority;
  readonly config: ServerConfigInput;
  readonly server: ManagementServer;
  token(): Promise<string>;
  /** Calls the REST interface with the token. */
  rest(call: RestCall): Promise<RestAnswer>;
  /** Begins such a call, with its own headers only, and leaves it open. */
  beginRest(call: RestCall): Promise<ClientRequest>;
  /** A SOAP client of the uplink as this node. */
  client(name: string, role?: NodeRole): Promise<SoapClient<UplinkOperations>>;
  /** A SOAP client of the operators' contract, with a certificate of the role operator. */
  operator(): Promise<SoapClient<OperatorOperations>>;
  enrol(name: string, role?: NodeRole): Promise<EnrolledNode>;
  /** Until the server holds one more poll than at the last call. */
  heldPoll(): Promise<void>;
  /** Ends the server and starts it again on the same data. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export const createWorld = async (changes: Partial<ServerConfigInput> = {}): Promise<World> => {
  const home = await temporaryDirectory();
  const clock = new VirtualClock(Instant(systemClock.now()));
  const logger = memoryLogger();
  const authority = await openAuthority({
    directory: join(home.path, 'ca'),
    clock: systemClock,
    entropy: systemEntropy,
  });
  const enrol = enroller(authority, home.path);
  const trust = await enrol('server', 'server');
  const vendorKeyFile = join(home.path, 'vendor.pem');
  await writeFile(vendorKeyFile, vendor.publicKeyPem);
  const config: ServerConfigInput = {
    dataDir: join(home.path, 'data'),
    identityDir: join(home.path, 'server-server'),
    uplink: { port: 0 },
    rest: { port: 0 },
    vendorKeyFiles: [vendorKeyFile],
    ...changes,
  };
  const start = () => startManagementServer(config, { clock, entropy: systemEntropy, logger });
  const clients: { close(): Promise<void> }[] = [];
  const closeClients = () => Promise.all(clients.splice(0).map((client) => client.close()));
  let heldSoFar = 0;
  const heldNow = () => logger.lines.filter(({ message }) => message === 'poll held').length;
  let server = await start();
  const token = async () => (await readFile(server.operatorTokenFile, 'utf8')).trim();
  return {
    clock,
    logger,
    directory: home.path,
    authority,
    config,
    get server() {
      return server;
    },
    token,
    rest: async (call) => {
      const tls = clientTlsOptions({ caPem: trust.caPem }, { expect: { role: 'server' } });
      const headers = { authorization: `Bearer ${await token()}`, ...call.headers };
      return callHttps(server.restPort, tls, { ...call, headers });
    },
    beginRest: async (call) =>
      beginHttps(
        server.restPort,
        clientTlsOptions({ caPem: trust.caPem }, { expect: { role: 'server' } }),
        call,
      ),
    enrol,
    client: async (name, role = 'intermediary') => {
      const client = createSoapClient(uplinkContract, {
        url: `https://127.0.0.1:${server.uplinkPort}/uplink`,
        tls: clientTlsOptions(await enrol(name, role), { expect: { role: 'server' } }),
        clock: systemClock,
        deadline: Seconds(15),
      });
      clients.push(client);
      return client;
    },
    operator: async () => {
      const client = createSoapClient(operatorContract, {
        url: `https://127.0.0.1:${server.restPort}/soap/operator`,
        tls: clientTlsOptions(await enrol('billing', 'operator'), { expect: { role: 'server' } }),
        clock: systemClock,
        deadline: Seconds(60),
      });
      clients.push(client);
      return client;
    },
    heldPoll: async () => {
      await until('a held poll', () => heldNow() > heldSoFar);
      heldSoFar += 1;
    },
    restart: async () => {
      await closeClients();
      await server.close();
      server = await start();
    },
    close: async () => {
      await closeClients();
      await server.close();
      await home.remove();
    },
  };
};

const enroller =
  (authority: Authority, home: string) =>
  (name: string, role: NodeRole = 'intermediary'): Promise<EnrolledNode> =>
    ensureNodeIdentity({
      directory: join(home, `${role}-${name}`),
      identity: { role, name },
      clock: systemClock,
      authority,
      lifetime: Hours(1_000),
    });

/** A poll that brings nothing and is answered at once. */
export const poll = (changes: Partial<uplink.Poll> = {}): uplink.Poll => ({
  sessionId: 'session-1',
  holdSeconds: 0,
  capacity: 10,
  ...changes,
});

export const deviceChange = (deviceId: string, model = 'MFP-1'): uplink.DeviceChange => ({
  information: {
    deviceId,
    model,
    components: { item: [{ component: 'system', version: '1.0' }] },
    bulkPathKind: 'ftp',
  },
});

export const devices = (...names: string[]): uplink.DeviceChanges => ({
  revision: names.length,
  complete: false,
  device: names.map((name) => deviceChange(name)),
});

/** Uploads the image and registers software with it. @returns its identifier */
export const addSoftware = async (world: World, manifest = manifestOf(), image = IMAGE): Promise<string> => {
  await world.rest({
    method: 'PUT',
    path: `/api/v1/images/${sha256(image)}`,
    headers: { 'content-type': 'application/octet-stream' },
    body: image,
  });
  const { json } = await world.rest({
    method: 'POST',
    path: '/api/v1/software',
    body: { signedManifest: signed(manifest).toString('base64') },
  });
  return String(json['id']);
};

export const order = async (
  world: World,
  deviceId: string,
  software: string,
  more: object = {},
): Promise<RestAnswer> =>
  world.rest({ method: 'POST', path: '/api/v1/updates', body: { deviceId, software, ...more } });

/** Registers a device of `site-a`, adds software and orders it. @returns the update's identifier */
export const orderFor = async (
  world: World,
  client: SoapClient<UplinkOperations>,
  deviceId = 'printer-1',
) => {
  await client.call('Poll', poll({ devices: devices(deviceId) }));
  const answer = await order(world, deviceId, await addSoftware(world));
  return String(answer.json['updateId']);
};

export const verified = (
  requestId: string,
  steps: readonly string[] = ['S101', 'S124'],
): uplink.Response => ({
  requestId,
  at: Instant(Date.UTC(2030, 0, 1)),
  body: {
    kind: 'UpdateSoftwareResponse',
    value: {
      state: 'verified',
      assurance: 'full',
      components: { item: [{ component: 'system', version: '2.0' }] },
      credential: 'erased',
      journal: journal(steps),
    },
  },
});

export const journal = (steps: readonly string[], from = 0) => ({
  step: steps.map((step, index) => ({
    sequence: from + index,
    step,
    path: 'uplink' as const,
    direction: 'from-server' as const,
    at: Instant(Date.UTC(2030, 0, 1)),
    outcome: 'done' as const,
  })),
});
