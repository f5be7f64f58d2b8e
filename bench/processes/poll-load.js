/**
 * Drives a server in (a) and (d) over kept mutual TLS connections, one exchange at a time on each. Requests are ready
 * bytes and answers are only counted, so that the driver costs little.
 */
import { once } from 'node:events';
import { connect } from 'node:tls';
import { serve } from '../support/child.js';

/**
 * @typedef {object} Connection
 * @property {import('node:tls').TLSSocket} socket
 * @property {readonly Buffer[]} requests Sent in turn.
 * @property {number} sent
 * @property {number} length Of an answer, head and body; 0 until the first has come.
 * @property {number} got Bytes of the present answer.
 * @property {() => void} onAnswer
 */

/** TLS handshakes under way at a time. */
const HANDSHAKES = 16;

/** @type {Connection[]} */
let connections = [];
/** @type {Buffer | undefined} */
let lastBody;
/** @type {Error | undefined} */
let failure;

/** @param {Buffer} chunk */
const headOf = (chunk) => {
  const end = chunk.indexOf('\r\n\r\n');
  const head = chunk.toString('latin1', 0, end);
  const body = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
  if (end < 0 || Number.isNaN(body)) throw new Error(`Not the beginning of an answer: ${head.slice(0, 200)}`);
  return { length: end + 4 + body, bodyAt: end + 4 };
};

/** @param {Connection} connection @param {Buffer} chunk */
const take = (connection, chunk) => {
  if (connection.got === 0) {
    // "HTTP/1.1 200": the third digit decides nothing.
    if (chunk[9] !== 0x32) throw new Error(`Refused: ${chunk.toString('latin1').slice(0, 1_500)}`);
    if (connection.length === 0) {
      const { length, bodyAt } = headOf(chunk);
      connection.length = length;
      lastBody = Buffer.from(chunk.subarray(bodyAt, length));
    }
  }
  connection.got += chunk.length;
  if (connection.got < connection.length) return;
  if (connection.got > connection.length) throw new Error('An answer is longer than the first one');
  connection.got = 0;
  connection.onAnswer();
};

/** @param {Connection} connection */
const ask = (connection) => {
  const request = connection.requests[connection.sent % connection.requests.length];
  connection.sent += 1;
  if (request !== undefined) connection.socket.write(request);
};

/** @param {{ port: number, ca: string, client: { key: string, cert: string }, requests: readonly Uint8Array[] }} given */
const open = async ({ port, ca, client, requests }) => {
  const socket = connect({
    host: '127.0.0.1',
    port,
    ca,
    ...client,
    checkServerIdentity: () => undefined,
  });
  socket.setNoDelay(true);
  await once(socket, 'secureConnect');
  /** @type {Connection} */
  const connection = {
    socket,
    requests: requests.map((bytes) => Buffer.from(bytes)),
    sent: 0,
    length: 0,
    got: 0,
    onAnswer: () => {},
  };
  socket.on('data', (chunk) => {
    try {
      take(connection, chunk);
    } catch (error) {
      fail(error);
    }
  });
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('The server closed a connection')));
  return connection;
};

let onFailure = () => {};
/** @param {unknown} error */
const fail = (error) => {
  if (connections.length === 0) return;
  failure ??= error instanceof Error ? error : new Error(String(error));
  onFailure();
};

const check = () => {
  if (failure !== undefined) throw failure;
};

/** One exchange on every connection. */
const exchangeOnce = async () => {
  check();
  await new Promise((resolve) => {
    let missing = connections.length;
    onFailure = () => resolve(undefined);
    for (const connection of connections) {
      connection.onAnswer = () => {
        missing -= 1;
        if (missing === 0) resolve(undefined);
      };
      ask(connection);
    }
  });
  check();
};

serve({
  /** @param {{ port: number, ca: string, clients: readonly { key: string, cert: string, requests: readonly Uint8Array[] }[] }} order */
  open: async ({ port, ca, clients }) => {
    failure = undefined;
    const opened = [];
    for (let at = 0; at < clients.length; at += HANDSHAKES) {
      const group = clients
        .slice(at, at + HANDSHAKES)
        .map(({ key, cert, requests }) => open({ port, ca, client: { key, cert }, requests }));
      opened.push(...(await Promise.all(group)));
    }
    connections = opened;
  },
  /** The body of an answer. */
  sample: async () => {
    await exchangeOnce();
    return lastBody;
  },
  exchangeOnce,
  /** Sends one request on every connection and waits for no answer: they are to be held. */
  hold: () => {
    for (const connection of connections) {
      connection.onAnswer = () => fail(new Error('A poll was answered that should have been held'));
      ask(connection);
    }
  },
  check,
  /** As many exchanges as fit. @param {number} milliseconds */
  run: async (milliseconds) => {
    check();
    const started = performance.now();
    let exchanges = 0;
    await new Promise((resolve) => {
      let busy = connections.length;
      onFailure = () => resolve(undefined);
      for (const connection of connections) {
        connection.onAnswer = () => {
          exchanges += 1;
          if (performance.now() - started < milliseconds) {
            ask(connection);
            return;
          }
          busy -= 1;
          if (busy === 0) resolve(undefined);
        };
        ask(connection);
      }
    });
    check();
    return { exchanges, seconds: (performance.now() - started) / 1_000 };
  },
  close: () => {
    const closing = connections;
    connections = [];
    for (const { socket } of closing) socket.destroy();
  },
});
