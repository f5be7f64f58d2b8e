import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { PosternError, Seconds, silentLogger } from '@postern/core';
import { VirtualClock } from '@postern/core/testing';
import { createImageRoute, IMAGE_PREFIX } from '@postern/soap-rpc';

const SHA256 = '5a'.repeat(32);
/** Just within the time that a piece may take. */
const ALMOST = Seconds(59);

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

/** Serves one image; `answered` is over when the answer is, be it whole or not. */
const serving = async (length: number, pieces: () => AsyncIterable<Uint8Array>) => {
  const clock = new VirtualClock();
  const route = createImageRoute({
    find: async () => ({ length, open: async () => pieces() }),
    refuse: (code, message) => new PosternError(code, message),
    refusal: () => ({ status: 500, problem: {} }),
    clock,
    logger: silentLogger,
  });
  let close = (_whole: boolean): void => {};
  const answered = new Promise<boolean>((resolve) => {
    close = resolve;
  });
  const server = createServer((request, response) => {
    response.once('close', () => close(response.writableFinished));
    route(request, response, { peer: undefined });
  });
  servers.push(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { clock, answered, port: (server.address() as AddressInfo).port };
};

test('a caller that reads nothing is cut off, by the clock of the node', async () => {
  const large = new Uint8Array(64 * 1_024 ** 2);
  let begun = (): void => {};
  const asked = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const { clock, answered, port } = await serving(large.length, async function* () {
    begun();
    yield large;
  });
  const socket = connect(port, '127.0.0.1');
  socket.pause();
  socket.on('error', () => {});
  socket.write(`GET ${IMAGE_PREFIX}${SHA256} HTTP/1.1\r\nhost: site\r\n\r\n`);
  await asked;
  let over = false;
  void answered.then(() => {
    over = true;
  });
  await clock.advance(ALMOST);
  expect(over).toBe(false);
  await clock.advance(Seconds(1));
  expect(await answered).toBe(false);
  socket.destroy();
});

test('a slow download goes on as long as it moves', async () => {
  const clocks: VirtualClock[] = [];
  const { clock, answered, port } = await serving(3, async function* () {
    for (const piece of ['a', 'b', 'c']) {
      await clocks[0]?.advance(ALMOST);
      yield Buffer.from(piece);
    }
    await clocks[0]?.advance(ALMOST);
  });
  clocks.push(clock);
  const answer = await fetch(`http://127.0.0.1:${port}${IMAGE_PREFIX}${SHA256}`);
  expect(await answer.text()).toBe('abc');
  expect(await answered).toBe(true);
  // Nor does anything come late.
  await clock.advance(Seconds(120));
  expect(answer.ok).toBe(true);
});
