import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Recorder, TransferRecord } from '../capture/index.ts';
import type { AlterationPlan } from './alteration-plan.ts';
import type { Alteration } from './alterations.ts';

/** The command that a data connection serves. */
export interface TransferCommand {
  /** `STOR`, `APPE`, `RETR`, `LIST`, `MLSD`, `NLST`. */
  readonly verb: string;
  readonly argument: string;
}

const TRANSFER_VERBS = ['STOR', 'APPE', 'STOU', 'RETR', 'LIST', 'NLST', 'MLSD'];
const UPLOAD_VERBS = ['STOR', 'APPE', 'STOU'];

/** Reads a line of the control connection; `undefined` when it asks for no transfer. */
export const transferCommand = (line: string): TransferCommand | undefined => {
  const space = line.indexOf(' ');
  const verb = (space === -1 ? line : line.slice(0, space)).toUpperCase();
  if (!TRANSFER_VERBS.includes(verb)) return undefined;
  return { verb, argument: space === -1 ? '' : line.slice(space + 1) };
};

export interface DataRelayOptions {
  readonly client: Socket;
  readonly server: Socket;
  readonly command: TransferCommand;
  readonly plan: AlterationPlan;
  readonly recorder: Recorder;
  readonly ending: AbortSignal;
}

/**
 * Carries one transfer to its end. Rejects when a side broke or a rule cut it.
 *
 * @throws PosternError `connection-cut`, `capture-too-long`, or an error of the sockets
 */
export const relayData = async (options: DataRelayOptions): Promise<void> => {
  const { client, server, command, plan, recorder, ending } = options;
  const { verb, argument } = command;
  const up = UPLOAD_VERBS.includes(verb);
  const record = recorder.transfer(up ? 'up' : 'down', argument === '' ? verb : `${verb} ${argument}`);
  const [from, to] = up ? [client, server] : [server, client];
  const alterations = [recorded(record), ...rulesFor(command, plan, ending)];
  const [carried, opposite] = await Promise.allSettled([
    // PassThrough: an iterated socket would be destroyed at its end, and with it the other direction.
    pipeline(from, new PassThrough(), (source: AsyncIterable<Buffer>) => altered(source, alterations), to),
    pipeline(to, new PassThrough(), from),
  ]);
  // A broken socket ends both; the reason is what the transfer's own direction tells.
  for (const outcome of [carried, opposite]) if (outcome.status === 'rejected') throw outcome.reason;
};

const rulesFor = (
  { verb, argument }: TransferCommand,
  plan: AlterationPlan,
  ending: AbortSignal,
): readonly Alteration[] => {
  if (UPLOAD_VERBS.includes(verb)) return plan.nextUpload(ending);
  return verb === 'RETR' ? plan.download(argument) : [];
};

const recorded = (record: TransferRecord): Alteration =>
  async function* (source) {
    for await (const chunk of source) {
      record.add(chunk);
      yield chunk;
    }
  };

const altered = (source: AsyncIterable<Buffer>, alterations: readonly Alteration[]): AsyncIterable<Buffer> =>
  alterations.reduce<AsyncIterable<Buffer>>((current, alteration) => alteration(current), source);
