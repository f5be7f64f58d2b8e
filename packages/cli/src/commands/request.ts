import { writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { REQUEST_TRAITS, type RemoteRequestKind } from '@postern/contracts';
import { errorCode } from '@postern/core';
import type {
  OperatorClient,
  OrderView,
  RequestsOrder,
  RequestView,
} from '@postern/management-server/client';
import { Command, Option } from 'commander';
import { cliError } from '../errors.ts';
import { wholeNumber } from '../option-values.ts';
import { print } from '../output/print.ts';
import { requestLines } from '../output/request-lines.ts';
import { askingServer, readWholeFile, writeWholeFile } from '../requests/file-transfer.ts';
import { followOrder, requestsOf } from '../requests/follow-order.ts';
import { type KindArguments, kindCommands, readOperands } from '../requests/kind-options.ts';
import { parseRequestArguments } from '../requests/request-arguments.ts';
import { readBytes } from '../software-files.ts';
import { listCommand, showCommand, withdrawCommand } from './request-look.ts';
import { type ConnectionOptions, withConnection, withServer } from './server-connection.ts';

interface KindOptions extends ConnectionOptions, KindArguments {
  readonly allOf?: string;
  readonly model?: string;
  readonly profile?: string;
  readonly at?: string;
  readonly deadline: number;
  readonly via: 'poll' | 'mail';
  readonly wait: boolean;
  readonly file?: string;
  readonly out?: string;
}

/**
 * `postern request`: ask devices and intermediaries for something, a sub-command for each kind. Waits for the answers:
 * exit code 0 when all targets have answered, 1 when one has not, 130 when interrupted; the requests go on then.
 *
 * @spec R5 I1 I2
 */
export const requestCommand = (): Command => {
  const command = new Command('request').description('ask devices and intermediaries for something');
  const operands = {
    name: '[target or name=value...]',
    description: 'whom to ask, and with which arguments',
  };
  for (const ofKind of kindCommands(operands, withOrderOptions)) command.addCommand(ofKind);
  return command.addCommand(listCommand()).addCommand(showCommand()).addCommand(withdrawCommand());
};

/** What the server's orders have beside the arguments. */
const withOrderOptions = (command: Command, kind: RemoteRequestKind): Command => {
  withConnection(command);
  if (REQUEST_TRAITS[kind].addressee !== 'intermediary') {
    command
      .option('--all-of <site>', 'all devices below this intermediary')
      .option('--model <model>', 'all devices of this model')
      .option('--profile <profile>', 'all devices of this profile');
  }
  if (kind === 'Activate') command.option('--at <site>', 'the intermediary that has found the devices');
  if (kind === 'WriteFile') command.option('--file <path>', 'a file of this machine, of any length');
  if (kind === 'ReadFile') command.option('--out <path>', 'write the whole file of one device here');
  return command
    .option('--deadline <seconds>', 'from now, when an answer is of no use any more', wholeNumber, 900)
    .addOption(
      new Option('--via <way>', 'how it goes down; by mail it goes by poll, too')
        .choices(['poll', 'mail'])
        .default('poll'),
    )
    .option('--no-wait', 'order and return')
    .action(async (operands: readonly string[], options: KindOptions) => {
      const { texts, names } = readOperands(kind, operands, options);
      await carryOut(kind, addressed(names, options), texts, options);
    });
};

type Addressed = Pick<RequestsOrder, 'targets' | 'selector' | 'at' | 'deadlineSeconds' | 'via'>;

const addressed = (targets: readonly string[], options: KindOptions): Addressed => {
  const { allOf, model, profile, at, deadline: deadlineSeconds, via } = options;
  const selector = {
    ...(allOf === undefined ? {} : { intermediary: allOf }),
    ...(model === undefined ? {} : { model }),
    ...(profile === undefined ? {} : { profile }),
  };
  const selects = Object.keys(selector).length > 0;
  if (selects === targets.length > 0) {
    throw cliError(
      'targets-missing',
      selects ? 'Targets and a selection do not go together' : 'No target is named',
    );
  }
  const place = at === undefined ? {} : { at };
  return { ...(selects ? { selector } : { targets }), ...place, deadlineSeconds, via };
};

const carryOut = async (
  kind: RemoteRequestKind,
  to: Addressed,
  texts: readonly string[],
  options: KindOptions,
): Promise<void> => {
  const interrupted = new AbortController();
  const onInterrupt = (): void => interrupted.abort();
  process.once('SIGINT', onInterrupt);
  const { signal } = interrupted;
  try {
    await withServer(options, async (client) => {
      if (options.file !== undefined) return writeFrom(client, to, texts, options.file, options, signal);
      if (options.out !== undefined) return readInto(client, to, texts, options.out, options, signal);
      const given = parseRequestArguments(kind, texts);
      const order = await client.orderRequests({ kind, ...to, arguments: given });
      if (options.wait) return await follow(client, order, options, signal);
      print(options, order, [`Ordered; see the answers with: postern request show ${order.id}`]);
    });
  } finally {
    process.off('SIGINT', onInterrupt);
  }
};

const follow = async (
  client: OperatorClient,
  ordered: OrderView,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<void> => {
  try {
    const order = await followOrder(client, ordered, signal, (ended, { targets }) =>
      progress(`${ended} of ${targets} have ended`),
    );
    finish(options, await requestsOf(client, order.id), { order });
  } catch (error) {
    if (['cancelled', 'unreachable'].includes(errorCode(error, ''))) {
      progress(`The requests go on; see the answers with: postern request show ${ordered.id}`);
    }
    throw error;
  }
};

const writeFrom = async (
  client: OperatorClient,
  to: Addressed,
  texts: readonly string[],
  file: string,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<void> => {
  const name = nameIn(texts) ?? basename(file);
  const context = { ask: askingServer(client, to, signal), onProgress };
  finish(options, await writeWholeFile(context, name, await readBytes(file)), {});
};

const readInto = async (
  client: OperatorClient,
  to: Addressed,
  texts: readonly string[],
  out: string,
  options: ConnectionOptions,
  signal: AbortSignal,
): Promise<void> => {
  const name = nameIn(texts);
  if (name === undefined || to.targets?.length !== 1) {
    throw cliError('argument-invalid', 'With --out, name one device and the file: name=…');
  }
  const { request, content } = await readWholeFile(
    { ask: askingServer(client, to, signal), onProgress },
    name,
  );
  if (content === undefined) return finish(options, [request], {});
  await writeFile(out, content);
  print(options, { file: out, length: content.length }, [`${out}: ${content.length} bytes`]);
};

/** The one argument that goes with --file or --out. */
const nameIn = (texts: readonly string[]): string | undefined => {
  const [first, ...more] = texts;
  if (first === undefined) return undefined;
  if (more.length === 0 && first.startsWith('name=')) return first.slice('name='.length);
  throw cliError('argument-invalid', 'With --file or --out there is one argument: name=…');
};

const finish = (options: ConnectionOptions, requests: readonly RequestView[], more: object): void => {
  print(options, { ...more, requests }, requestLines(requests));
  if (requests.some(({ state }) => state !== 'answered')) process.exitCode = 1;
};

const onProgress = (done: number, total: number): void => progress(`${done} of ${total} bytes`);

/** Standard output is for results. */
const progress = (text: string): void => {
  process.stderr.write(`${text}\n`);
};
