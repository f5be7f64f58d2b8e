import type { Socket } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { lineRelay } from '../../../tampering/line-relay.ts';
import { passivePort, withPassivePort } from '../../../tampering/passive-reply.ts';
import { connectTcp } from '../../../tcp/connect.ts';
import { type Endpoint, listenTcp } from '../../../tcp/listener.ts';
import type { AttackerProgram, Means } from '../program.ts';

export interface RedirectorKnowledge {
  /** Where the updater is to connect to. */
  readonly bystander: Endpoint;
}

/** On the bulk path: hides EPSV, and names a third host in the replies to PASV. */
export const redirector: AttackerProgram = async (means) => {
  const target = { host: '127.0.0.1', port: 0 };
  let redirected = 0;
  const listener = await listenTcp({ host: '127.0.0.1', port: 0 }, (client) => {
    void relay(means, client, target, () => {
      redirected += 1;
    });
  });
  const { channel } = means;
  channel.say('listening', { ftp: listener.port });
  target.port = (await channel.hear<{ bulk: Endpoint }>('lead-to')).bulk.port;
  await channel.hear('tell');
  channel.say('report', { redirected });
};

const relay = async (
  { clock, knows }: Means,
  client: Socket,
  target: Endpoint,
  onRedirected: () => void,
): Promise<void> => {
  const { bystander } = knows as RedirectorKnowledge;
  try {
    const server = await connectTcp(clock, target, new AbortController().signal);
    const replies = lineRelay((line) => {
      if (passivePort(line) === undefined) return line;
      if (line.startsWith('229')) return '502 Not here';
      onRedirected();
      return withPassivePort(line, bystander);
    });
    await Promise.all([pipeline(client, server), pipeline(server, replies, client)]);
  } catch {
    client.destroy();
  }
};
