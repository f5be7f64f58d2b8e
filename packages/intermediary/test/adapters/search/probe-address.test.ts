import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { beforeAll, expect, test } from '@jest/globals';
import { errorCode, PosternError } from '@postern/core';
import { type EnrolledNode, serverTlsOptions } from '@postern/pki';
import { probeAddress } from '../../../src/adapters/search/probe-address.ts';
import { afterThisTest } from '../../support/directory.ts';
import { World } from '../../support/world.ts';

let world: World;
let probe: ReturnType<typeof probeAddress>;

beforeAll(async () => {
  world = await World.make();
  probe = probeAddress(await world.enrol({ role: 'intermediary', name: 'site-a' }));
});

const never = new AbortController().signal;

const listening = async (server: Server): Promise<{ host: string; port: number }> => {
  const sockets = new Set<{ destroy: () => void }>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
  });
  server.on('tlsClientError', () => {});
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  afterThisTest(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  return { host: '127.0.0.1', port: (server.address() as { port: number }).port };
};

const nodeAt = (node: EnrolledNode, clientAuthentication: 'required' | 'none' = 'required') =>
  listening(createTlsServer(serverTlsOptions(node, { clientAuthentication })));

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'succeeded',
    (error: unknown) => errorCode(error, String(error)),
  );

/** @spec I3 A1 */
test('a device proves its name, and gets to see ours', async () => {
  const server = createTlsServer(
    serverTlsOptions(await world.enrol({ role: 'device', name: 'mfp-1' }), {
      clientAuthentication: 'required',
    }),
  );
  const seen = once(server, 'secureConnection');
  const place = await listening(server);
  expect(await probe(place, never)).toBe('mfp-1');
  const [socket] = await seen;
  expect(socket.getPeerCertificate().subjectaltname).toBe('URI:urn:postern:intermediary:site-a');
});

test('whoever is no device of the CA is refused with what he is', async () => {
  const itself = await nodeAt(await world.enrol({ role: 'intermediary', name: 'site-a' }));
  expect(await codeOf(probe(itself, never))).toBe('not-a-device');
  const server = await nodeAt(await world.enrol({ role: 'server', name: 'server-1' }), 'none');
  expect(await codeOf(probe(server, never))).toBe('not-a-device');
  const stranger = await nodeAt(await (await World.make()).enrol({ role: 'device', name: 'mfp-1' }), 'none');
  expect(await codeOf(probe(stranger, never))).toBe('tls-refused');
  const talker = await listening(createServer((socket) => socket.end('220 Welcome\r\n')));
  expect(await codeOf(probe(talker, never))).toBe('tls-refused');
});

test('nobody, and one who accepts and never answers', async () => {
  const closed = createServer();
  const place = await listening(closed);
  closed.close();
  await once(closed, 'close');
  expect(await codeOf(probe(place, never))).toBe('unreachable');

  const accepted = createServer();
  const tarpit = await listening(accepted);
  const ending = new AbortController();
  const probing = codeOf(probe(tarpit, ending.signal));
  const [socket] = await once(accepted, 'connection');
  const left = once(socket, 'close');
  socket.resume();
  ending.abort(new PosternError('deadline-exceeded', 'Too late'));
  expect(await probing).toBe('deadline-exceeded');
  await left;
});
