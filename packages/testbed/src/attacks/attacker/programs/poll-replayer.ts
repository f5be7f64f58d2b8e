import { once } from 'node:events';
import { connect } from 'node:net';
import { silentLogger } from '@postern/core';
import { createFirewall } from '../../../firewall/index.ts';
import type { Endpoint } from '../../../tcp/listener.ts';
import type { AttackerProgram } from '../program.ts';

export interface PollReplayerReport {
  /** Connections of the site that it recorded. */
  readonly recorded: number;
  /** Bytes that it sent again, and that came back. */
  readonly sent: number;
  readonly received: number;
  /** Whether anything that came back could be read as HTTP. */
  readonly readable: boolean;
}

/** On the internet between a site and the server: records what the site sends, and sends it again. */
export const pollReplayer: AttackerProgram = async ({ channel, clock }) => {
  const server = { host: '127.0.0.1', port: 0 };
  const line = await createFirewall({
    clock,
    logger: silentLogger,
    inside: { host: '127.0.0.1' },
    recorded: true,
  });
  channel.say('listening', { port: (await line.openOutbound(server)).port });
  server.port = (await channel.hear<Endpoint>('lead-to')).port;
  await channel.hear('strike');
  const recorded = line.capture().map(({ up }) => up);
  let received = Buffer.alloc(0);
  for (const bytes of recorded) {
    const socket = connect(server);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
    });
    await once(socket, 'connect');
    socket.end(bytes);
    await once(socket, 'close');
  }
  channel.say('report', {
    recorded: recorded.length,
    sent: recorded.reduce((sum, { length }) => sum + length, 0),
    received: received.length,
    readable: received.includes('HTTP/1.1'),
  });
};
