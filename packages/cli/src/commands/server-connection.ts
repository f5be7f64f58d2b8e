import { readFile } from 'node:fs/promises';
import { errorCode } from '@postern/core';
import type { OperatorClient } from '@postern/management-server/client';
import { type Command, Option } from 'commander';
import { cliError } from '../errors.ts';

/** How a command finds and opens the management server. */
export interface ConnectionOptions {
  readonly server: string;
  readonly tokenFile: string;
  readonly caFile: string;
  readonly json?: boolean;
}

/** Adds the options every command needs that talks to the server. The token comes from a file, never from the command line. */
export const withConnection = (command: Command): Command =>
  command
    .addOption(
      new Option('--server <url>', "the server's REST address")
        .env('POSTERN_SERVER_URL')
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--token-file <file>', 'file with the operator token')
        .env('POSTERN_TOKEN_FILE')
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--ca-file <file>', 'CA certificate that vouches for the server')
        .env('POSTERN_CA_FILE')
        .makeOptionMandatory(),
    )
    .option('--json', 'print JSON');

/** Opens the connection for the time of `work`. */
export const withServer = async <T>(
  options: ConnectionOptions,
  work: (client: OperatorClient) => Promise<T>,
): Promise<T> => {
  const { OperatorClient } = await import('@postern/management-server/client');
  const client = new OperatorClient({
    url: options.server,
    token: (await readText(options.tokenFile)).trim(),
    trust: { caPem: await readText(options.caFile) },
  });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
};

const readText = async (file: string): Promise<string> => {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw cliError('file-unreadable', `${file} cannot be read (${errorCode(cause, 'unknown')})`, cause);
  }
};
