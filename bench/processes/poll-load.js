/**
 * Drives a server in (a), (d) and (i) over kept mutual TLS connections, one exchange at a time on each. Requests are ready
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
/** From `open` to `close`: what breaks then is a failure. */
let driving = false;
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

/**
 * @typedef {object} Order
 * @property {number} port
 * @property {string} ca
 * @property {readonly { key: string, cert: string, requests: readonly Uint8Array[] }[]} clients
 */

/** @param {Omit<Order, 'clients'> & { client: Order['clients'][number] }} given */
const open = async ({ port, ca, client: { requests, ...client } }) => {
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
  if (!driving) return;
  failure ??= error instanceof Error ? error : new Error(String(error));
  onFailure();
};

const check = () => {
  if (failure !== undefined) throw failure;
};

/**
 * Opens the connections, a few at a time, and does `first` with each as soon as it is there: a server closes
 * connections that keep silent.
 *
 * @param {Order} order @param {(connection: Connection) => Promise<void>} first
 */
const openAll = async ({ port, ca, clients }, first) => {
  failure = undefined;
  driving = true;
  const broken = new Promise((_, reject) => {
    onFailure = () => reject(failure);
  });
  /** @type {Connection[]} */
  const opened = [];
  const waiting = clients.values();
  const worker = async () => {
    for (const client of waiting) {
      const connection = await open({ port, ca, client });
      await first(connection);
      opened.push(connection);
    }
  };
  await Promise.race([Promise.all(Array.from({ length: HANDSHAKES }, worker)), broken]);
  connections = opened;
  onFailure = () => {};
};

/** @param {Connection} connection @returns {Promise<void>} */
const exchange = (connection) =>
  new Promise((resolve) => {
    connection.onAnswer = resolve;
    ask(connection);
  });

serve({
  /** Opens connections, and makes an exchange on each. @param {Order} order */
  open: (order) => openAll(order, exchange),
  /**
   * Opens connections, makes an exchange on each and sends a second request that is to be held: no answer to that is
   * waited for.
   *
   * @param {Order} order
   */
  hold: (order) =>
    openAll(order, async (connection) => {
      await exchange(connection);
      connection.onAnswer = () => fail(new Error('A poll was answered that should have been held'));
      ask(connection);
    }),
  /** The body of an answer. */
  sample: () => lastBody,
  /** Throws when a connection was lost or a held poll was answered. */
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
  /**
   * Exchanges at a steady rate, connections in turn. One whose last answer has not come is passed over, so that a
   * server that cannot keep up is seen in the rate.
   *
   * @param {{ perSecond: number, milliseconds: number }} pace
   */
  pace: async ({ perSecond, milliseconds }) => {
    check();
    /** @type {Connection[]} */
    const idle = [...connections];
    for (const connection of connections) {
      connection.onAnswer = () => {
        exchanges += 1;
        idle.push(connection);
      };
    }
    let exchanges = 0;
    let asked = 0;
    const started = performance.now();
    for (let passed = 0; passed < milliseconds; passed = performance.now() - started) {
      const due = Math.floor((passed * perSecond) / 1_000);
      for (; asked < due; asked += 1) {
        const connection = idle.shift();
        if (connection !== undefined) ask(connection);
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
      check();
    }
    while (idle.length < connections.length) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      check();
    }
    return { exchanges, seconds: (performance.now() - started) / 1_000 };
  },
  close: () => {
    driving = false;
    for (const { socket } of connections) socket.destroy();
    connections = [];
  },
});
