import { Seconds } from '@postern/core';
import type { OperatorClient, RequestView } from '@postern/management-server/client';
import { Command } from 'commander';
import { wholeNumber } from '../option-values.ts';
import { formatBytes, print } from '../output/print.ts';
import { patiently } from '../patiently.ts';
import { resolveSoftware } from '../resolve-software.ts';
import { type ConnectionOptions, withConnection, withServer } from './server-connection.ts';

interface PushOptions extends ConnectionOptions {
  readonly to: string;
  readonly deadline: number;
  readonly wait?: boolean;
}

/** How long the server holds one answer. */
const ONE_WAIT = Seconds(20);

/**
 * `postern software push`: has a site fetch software ahead of any update, so that it can order it by itself.
 *
 * @spec I5
 */
export const pushCommand = (): Command =>
  withConnection(
    new Command('push')
      .description('bring registered software to a site, which may install it by its own orders from then on')
      .argument('<software>', 'id or name[@version]; a name stands for its newest release')
      .requiredOption('--to <site>', 'the intermediary')
      .option('--deadline <seconds>', 'from now, when it has failed at the latest', wholeNumber, 86_400)
      .option('--wait', 'wait for the site; exit code 1 when it has not got the software'),
  ).action(async (text: string, options: PushOptions) => {
    const request = await withServer(options, async (client) => {
      const software = await resolveSoftware(client, text);
      const ordered = await client.pushSoftware(options.to, { software, deadlineSeconds: options.deadline });
      return options.wait ? waitFor(client, ordered) : ordered;
    });
    if (options.wait && request.state !== 'answered') process.exitCode = 1;
    print(options, request, [describe(request)]);
  });

/** Asks until the request has ended. */
const waitFor = async (client: OperatorClient, ordered: RequestView): Promise<RequestView> => {
  const interrupted = new AbortController();
  const { signal } = interrupted;
  process.once('SIGINT', () => interrupted.abort());
  let request = ordered;
  while (request.endedAt === null) {
    request = await patiently(signal, () => client.request(ordered.id, ONE_WAIT, signal));
  }
  return request;
};

const describe = ({ id, intermediary, softwareId, state, fetchedBytes, failure }: RequestView): string => {
  const what = `${softwareId} to ${intermediary}`;
  if (state === 'answered') return `${what}: there, ${formatBytes(fetchedBytes ?? 0)} fetched`;
  if (failure !== null) return `${what}: failed, ${failure.message} (${failure.code})`;
  return state === 'withdrawn' ? `${what}: withdrawn` : `${what}: on its way (request ${id})`;
};
