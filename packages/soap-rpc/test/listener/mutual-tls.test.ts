import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { uplinkContract } from '@postern/contracts';
import { type Logger, type NodeIdentity, Seconds, silentLogger, systemClock } from '@postern/core';
import { seededEntropy } from '@postern/core/testing';
import {
  clientTlsOptions,
  type EnrolledNode,
  ensureNodeIdentity,
  openAuthority,
  peerIdentity,
  serverTlsOptions,
} from '@postern/pki';
import { createSoapClient, createSoapListener, type SoapListener } from '@postern/soap-rpc';
import { echoService } from '../helpers.ts';

const SERVER: NodeIdentity = { role: 'server', name: 'main' };
const SITE: NodeIdentity = { role: 'intermediary', name: 'site-a' };
const POLL = { sessionId: 's', holdSeconds: 7, capacity: 1 };

let directory: string;
let server: EnrolledNode;
let site: EnrolledNode;
let stranger: EnrolledNode;
let listener: SoapListener;
let onWarning: (line: unknown) => void = () => {};
const logger: Logger = { ...silentLogger, warn: (message, fields) => onWarning({ message, fields }) };
const seen: (NodeIdentity | undefined)[] = [];

/** A CA of its own, and what enrols nodes at it. */
const makeCa = async (name: string) => {
  const authority = await openAuthority({
    directory: join(directory, name),
    clock: systemClock,
    entropy: seededEntropy(name),
  });
  return (identity: NodeIdentity) =>
    ensureNodeIdentity({
      directory: join(directory, `${name}-${identity.role}`),
      identity,
      clock: systemClock,
      authority,
    });
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-soap-'));
  const enrol = await makeCa('ours');
  server = await enrol(SERVER);
  site = await enrol(SITE);
  stranger = await (await makeCa('theirs'))(SITE);
  listener = await createSoapListener({
    services: { '/uplink': echoService({ authorize: (peer) => seen.push(peer) }) },
    tls: serverTlsOptions(server, { clientAuthentication: 'required' }),
    peerIdentity: (socket) => peerIdentity(socket as TLSSocket),
    host: '127.0.0.1',
    port: 0,
    clock: systemClock,
    logger,
    limits: { closeTimeout: Seconds(0) },
  });
});
afterAll(async () => {
  await listener.close();
  await rm(directory, { recursive: true, force: true });
});

const callAs = async (tls: ReturnType<typeof clientTlsOptions>): Promise<unknown> => {
  const url = `https://127.0.0.1:${listener.port}/uplink`;
  const client = createSoapClient(uplinkContract, { url, tls, clock: systemClock, connections: 1 });
  try {
    return await client.call('Poll', POLL).catch((error) => error);
  } finally {
    await client.close();
  }
};

test('both ends prove who they are, and the handler knows the peer', async () => {
  expect(await callAs(clientTlsOptions(site, { expect: SERVER }))).toEqual({ nextPollSeconds: 7 });
  expect(seen.at(-1)).toEqual(SITE);
});

test('a server of another name is turned away: tls-refused', async () => {
  const expectOther = clientTlsOptions(site, { expect: { role: 'server', name: 'other' } });
  expect(await callAs(expectOther)).toMatchObject({ code: 'tls-refused', hint: expect.any(String) });
});

test('a server of another CA is turned away: tls-refused', async () => {
  expect(await callAs(clientTlsOptions(stranger, { expect: SERVER }))).toMatchObject({
    code: 'tls-refused',
  });
});

/** In TLS 1.3 the client is through before the server looks at its certificate: all it sees is the end. */
test.each([
  ['without certificate', () => ({ caPem: site.caPem }), /CERTIFICATE|ECONNRESET/],
  ['with the certificate of another CA', () => ({ ...stranger, caPem: site.caPem }), /VERIFY|CERT/],
])(
  'a client %s is cut off: its hint and the listener say why, no handler hears of it',
  async (_, node, reason) => {
    const before = seen.length;
    const warning = new Promise((resolve) => {
      onWarning = resolve;
    });
    expect(await callAs(clientTlsOptions(node(), { expect: SERVER }))).toMatchObject({
      code: 'connection-lost',
      hint: expect.stringContaining('certificate'),
    });
    expect(seen).toHaveLength(before);
    expect(await warning).toMatchObject({
      message: 'A TLS connection was refused',
      fields: { code: expect.stringMatching(reason) },
    });
  },
);

/** @spec A1 */
test('TLS options that are renewed hold from the next connection on, without the sessions of those before', async () => {
  const options = () => clientTlsOptions(site, { expect: SERVER });
  let current = options();
  const connected: TLSSocket[] = [];
  const client = createSoapClient(uplinkContract, {
    url: `https://127.0.0.1:${listener.port}/uplink`,
    tls: { current: () => current, connected: (socket) => connected.push(socket) },
    clock: systemClock,
    connections: 1,
  });
  /** Calls on a connection of its own, and tells whether its session was resumed. */
  const callAnew = async (): Promise<boolean> => {
    await client.call('Poll', POLL);
    const socket = connected.at(-1);
    if (socket === undefined) throw new TypeError('No connection was told of');
    const resumed = socket.isSessionReused();
    const closed = once(socket, 'close');
    socket.destroy();
    await closed;
    return resumed;
  };
  try {
    expect(await callAnew()).toBe(false);
    expect(await callAnew()).toBe(true);
    current = options();
    expect(await callAnew()).toBe(false);
    expect(connected).toHaveLength(3);
    current = clientTlsOptions(site, { expect: { role: 'server', name: 'another' } });
    await expect(client.call('Poll', POLL)).rejects.toMatchObject({ code: 'tls-refused' });
  } finally {
    await client.close();
  }
});
