import { errorCode, PosternError } from '@postern/core';
import type { OperatorClient } from '@postern/management-server/client';
import { type Command, Option } from 'commander';
import { cliError } from '../errors.ts';
import { readBytes } from '../software-files.ts';

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
      new Option('--server <url>', "the server's REST address, https://HOST:PORT")
        .env('POSTERN_SERVER_URL')
        .makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '--token-file <file>',
        'file with the operator token: a copy of `operator.token` in the data directory of the server',
      )
        .env('POSTERN_TOKEN_FILE')
        .makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '--ca-file <file>',
        'certificate of the CA that issued the identity of the server: `ca.pem` of any bundle of this CA',
      )
        .env('POSTERN_CA_FILE')
        .makeOptionMandatory(),
    )
    .option('--json', 'print JSON');

/** Opens the connection for the time of `work`. */
export const withServer = async <T>(
  options: ConnectionOptions,
  work: (client: OperatorClient) => Promise<T>,
): Promise<T> => {
  const { createOperatorClient } = await import('@postern/management-server/client');
  const client = createOperatorClient({
    url: requireHttps(options.server),
    token: (await readText(options.tokenFile)).trim(),
    trust: { caPem: await readText(options.caFile) },
  });
  try {
    return await work(client);
  } catch (error) {
    throw withHint(error);
  } finally {
    await client.close();
  }
};

const readText = async (file: string): Promise<string> => (await readBytes(file)).toString('utf8');

const requireHttps = (url: string): string => {
  if (URL.canParse(url) && new URL(url).protocol === 'https:') return url;
  throw cliError('server-url-invalid', `Not an https address: ${url.slice(0, 200)}`);
};

/** Where the general hint of a refusal does not name the option that mends it. */
const HINTS: Readonly<Record<string, string>> = {
  'token-required': 'Check --token-file: it must equal `operator.token` in the data directory of the server.',
  'tls-refused': 'Check --ca-file, and that --server names the REST port of this very server.',
  unreachable: 'Check that the server runs, and that --server names its REST port (not that of the uplink).',
  'device-unknown':
    'Check the name with `postern update devices`; a new device appears when it has registered.',
  'notice-unknown': 'See `postern notice list`; the newest are kept.',
  'call-not-open': 'See `postern notice list --open` for the calls that wait for an answer.',
  'update-unknown': 'See `postern update list`; finished updates are kept for a limited time.',
  'manifest-signature-invalid':
    "Name the vendor's public key in `vendorKeyFiles` of the server, or sign with a key that `postern software keys` lists.",
  'order-unknown': 'See `postern request list`; requests that have ended are kept for a limited time.',
  'request-unknown': 'See `postern request list`; requests that have ended are kept for a limited time.',
  'device-not-active': 'Adopt the device first: postern request activate DEVICE active=true.',
  'selection-empty': 'See `postern update devices` for what there is; released devices are never selected.',
  'target-unsuitable': 'See `postern request --help` for whom each kind of request is.',
  'intermediary-unknown':
    'Check the name with `postern update devices`; a site is known once its intermediary has called.',
  'key-rotation-invalid':
    'See `postern software keys` for the keys in force; rotations are taken one after the other.',
};

const withHint = (error: unknown): unknown => {
  const code = errorCode(error, '');
  const hint = HINTS[code];
  if (hint === undefined || !(error instanceof Error)) return error;
  return new PosternError(code, error.message, { cause: error, hint });
};
