import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { Milliseconds, Seconds } from '@postern/core';
import { GOOD, http, isWholeAnswer, listen } from '../helpers.ts';

/** Sends one good request and waits for its answer. */
const ask = (socket: Socket): Promise<void> =>
  new Promise((resolve, reject) => {
    let received = '';
    const onData = (chunk: Buffer): void => {
      received += chunk.toString();
      if (!isWholeAnswer(received)) return;
      socket.off('data', onData);
      resolve();
    };
    socket.on('data', onData).once('error', reject);
    socket.write(http(GOOD));
  });

const open = async (port: number): Promise<Socket> => {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
};

test('a connection without a request is closed after the idle time', async () => {
  const listener = await listen({ idleTimeout: Milliseconds(50) });
  try {
    const socket = await open(listener.port);
    await ask(socket);
    await once(socket, 'close');
  } finally {
    await listener.close();
  }
});

test('connections beyond the limit are closed, the others go on', async () => {
  const listener = await listen({ connections: 2, idleTimeout: Seconds(60) });
  const sockets: Socket[] = [];
  try {
    const first = await open(listener.port);
    const second = await open(listener.port);
    sockets.push(first, second);
    await ask(first);
    await ask(second);
    const third = connect(listener.port, '127.0.0.1').on('error', () => {});
    await once(third, 'close');
    await ask(first);
    expect(listener.connections()).toBe(2);
  } finally {
    for (const socket of sockets) socket.destroy();
    await listener.close();
  }
});
