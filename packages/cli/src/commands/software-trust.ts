import type { VendorKeysView } from '@postern/management-server/client';
import { Command } from 'commander';
import { print } from '../output/print.ts';
import { readBytes } from '../software-files.ts';
import { type ConnectionOptions, withConnection, withServer } from './server-connection.ts';

/**
 * `postern software trust`: gives the server a key rotation. It is in force from then on and travels with all software.
 *
 * @spec X1
 */
export const trustCommand = (): Command =>
  withConnection(
    new Command('trust')
      .description('follow a key rotation, which is in force from then on and sent along with all software')
      .argument('<rotation>', 'file of the signed rotation'),
  ).action(async (file: string, options: ConnectionOptions) => {
    const rotation = await readBytes(file);
    const keys = await withServer(options, (client) => client.trustRotation(rotation));
    print(options, keys, describe(keys));
  });

/** `postern software keys`: whose software the server takes, and its own time key. */
export const keysCommand = (): Command =>
  withConnection(
    new Command('keys').description('the vendor keys in force at the server, their rotations, its time key'),
  ).action(async (options: ConnectionOptions) => {
    const { keys, timeKey } = await withServer(options, async (client) => ({
      keys: await client.vendorKeys(),
      timeKey: await client.timeKey(),
    }));
    print(options, { ...keys, timeKey }, [...describe(keys), `Time key    ${timeKey.keyId}`]);
  });

const describe = ({ sequence, threshold, keys, rotations }: VendorKeysView): readonly string[] => [
  `Trust ${sequence}: ${threshold} of ${keys.length} vendor keys must have signed`,
  ...keys.map(({ keyId }) => `Vendor key  ${keyId}`),
  ...rotations.map((rotation) => `Rotation ${rotation.sequence}  taken ${rotation.acceptedAt}`),
];
