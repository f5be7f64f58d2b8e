import { errorCode } from '@postern/core';
import type { OperatorClient, RequestListFilter, RequestView } from '@postern/management-server/client';
import { Command } from 'commander';
import { cliError } from '../errors.ts';
import { wholeNumber } from '../option-values.ts';
import { print } from '../output/print.ts';
import { requestLines, requestTable } from '../output/request-lines.ts';
import { requestsOf } from '../requests/follow-order.ts';
import { parseRequestKind } from '../requests/request-arguments.ts';
import { type ConnectionOptions, withConnection, withServer } from './server-connection.ts';

interface ListOptions extends ConnectionOptions {
  readonly order?: string;
  readonly target?: string;
  readonly site?: string;
  readonly kind?: string;
  readonly state?: string;
  readonly limit: number;
}

export const listCommand = (): Command =>
  withConnection(
    new Command('list')
      .description('requests, newest first')
      .option('--order <id>', 'of one order')
      .option('--target <name>', 'to one device or intermediary')
      .option('--site <name>', 'to one site')
      .option('--kind <kind>', 'of one kind')
      .option('--state <state>', 'in one state')
      .option('--limit <n>', 'so many', wholeNumber, 100),
  ).action(async (options: ListOptions) => {
    const items = await withServer(options, (client) =>
      client.listRequests(filterOf(options), options.limit),
    );
    print(options, items, requestTable(items));
  });

const filterOf = ({ order, target, site, kind, state }: ListOptions): RequestListFilter => ({
  ...(order === undefined ? {} : { order }),
  ...(target === undefined ? {} : { target }),
  ...(site === undefined ? {} : { intermediary: site }),
  ...(kind === undefined
    ? {}
    : { kind: kind === 'fetch-software' ? 'FetchSoftware' : parseRequestKind(kind) }),
  // The server says which there are.
  ...(state === undefined ? {} : { state: state as RequestView['state'] }),
});

export const showCommand = (): Command =>
  withConnection(
    new Command('show')
      .description('an order with all answers, or one request')
      .argument('<id>', 'of the order or the request'),
  ).action(async (id: string, options: ConnectionOptions) => {
    await withServer(options, async (client) => {
      const order = await unless('order-unknown', client.order(id));
      if (order !== undefined) {
        const requests = await requestsOf(client, id);
        print(options, { order, requests }, requestLines(requests));
      } else {
        const request = await client.request(id);
        print(options, request, requestLines([request]));
      }
    });
  });

export const withdrawCommand = (): Command =>
  withConnection(
    new Command('withdraw')
      .description('call off what no site has taken yet')
      .argument('<id>', 'of a request, or of an order: all of its requests that can be called off'),
  ).action(async (id: string, options: ConnectionOptions) => {
    const withdrawn = await withServer(options, async (client) => {
      const order = await unless('order-unknown', client.order(id));
      return order === undefined ? [await client.withdrawRequest(id)] : withdrawAll(client, id);
    });
    print(options, withdrawn, requestTable(withdrawn));
  });

/** @throws PosternError `nothing-to-withdraw` */
const withdrawAll = async (client: OperatorClient, order: string): Promise<readonly RequestView[]> => {
  const withdrawn: RequestView[] = [];
  for (const { id, state } of await client.listRequests({ order })) {
    if (state !== 'waiting' && state !== 'sent') continue;
    // The site may take it at this moment.
    const request = await unless('request-taken', client.withdrawRequest(id));
    if (request !== undefined) withdrawn.push(request);
  }
  if (withdrawn.length > 0) return withdrawn;
  throw cliError('nothing-to-withdraw', `The sites have all requests of order ${order}`);
};

/** Undefined where the server refuses with this code. */
const unless = async <T>(code: string, answer: Promise<T>): Promise<T | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (errorCode(error, '') === code) return undefined;
    throw error;
  }
};
