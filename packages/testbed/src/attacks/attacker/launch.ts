import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { testbedError } from '../../errors.ts';
import type { Scene } from '../attack.ts';
import { type Channel, channelOver, type Message } from './channel.ts';

/** Built: a process has no loader for TypeScript. The same place from the sources and from the built package. */
const PROGRAM = fileURLToPath(new URL('../../../dist/attacks/attacker/main.js', import.meta.url));

/**
 * Starts an attacker in a process of its own.
 *
 * @param program one of `programs/`
 * @param knows everything that it is told; the rest it has to find out
 * @returns what to talk with it; whatever is heard rejects with `attacker-broken` when it failed
 */
export const launchAttacker = async (
  { clock, atEnd }: Scene,
  program: string,
  knows: object = {},
): Promise<Channel> => {
  const child = fork(PROGRAM, [], {
    serialization: 'advanced',
    execArgv: ['--no-warnings'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exit = once(child, 'exit');
  atEnd(async () => {
    child.kill('SIGKILL');
    await exit;
  });
  const channel = channelOver(clock, {
    send: (message) => {
      if (child.connected) child.send(message);
    },
    onMessage: (take) => child.on('message', take),
  });
  channel.say('begin', { program, knows });
  const broken = new Promise<never>((_resolve, reject) => {
    child.on('message', (message) => {
      const { topic, data } = message as Message;
      if (topic === 'broken') reject(testbedError('attacker-broken', `The attacker broke: ${String(data)}`));
    });
  });
  broken.catch(() => {});
  return {
    say: channel.say,
    hear: <T>(topic: string) => Promise.race([channel.hear<T>(topic), broken]),
  };
};
