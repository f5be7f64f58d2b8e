import { silentLogger } from '@postern/core';
import { createFirewall } from '../../../firewall/index.ts';
import { createTamperingProxy } from '../../../tampering/index.ts';
import type { Endpoint } from '../../../tcp/listener.ts';
import { intrude } from '../ftp-caller.ts';
import type { AttackerProgram } from '../program.ts';

export interface PathCutterKnowledge {
  readonly userName: string;
  readonly image: Uint8Array;
}

/** On both paths: hears the password, cuts the secure path before the password can be erased, and uses it each time it is told. */
export const pathCutter: AttackerProgram = async ({ channel, clock, knows }) => {
  const { userName, image } = knows as PathCutterKnowledge;
  const bulk = { host: '127.0.0.1', port: 0 };
  const secure = { host: '127.0.0.1', port: 0 };
  let password = '';
  const secureLine = await createFirewall({ clock, logger: silentLogger, inside: { host: '127.0.0.1' } });
  const proxy = await createTamperingProxy({
    clock,
    logger: silentLogger,
    target: bulk,
    onControlLine: (from, line) => {
      if (from !== 'client') return;
      if (line.startsWith('PASS ')) password = line.slice('PASS '.length);
      if (line.startsWith('STOR ')) secureLine.cut();
    },
  });
  const { port: soap } = await secureLine.openOutbound(secure);
  channel.say('listening', { ftp: proxy.port, soap });
  const places = await channel.hear<{ bulk: Endpoint; secure: Endpoint }>('lead-to');
  bulk.port = places.bulk.port;
  secure.port = places.secure.port;
  for (;;) {
    if ((await channel.hear<string>('strike')) === 'enough') return;
    channel.say('report', await intrude(bulk, { userName, password }, image));
  }
};
