import { join } from 'node:path';
import { Days, parseIdentity, systemClock, systemEntropy, toUri } from '@postern/core';
import { Command } from 'commander';
import { wholeNumber } from '../option-values.ts';
import { print } from '../output/print.ts';

/** `postern pki`: the development CA. A production site brings its own PKI (see certs/README.md). */
export const pkiCommand = (): Command => {
  const command = new Command('pki').description('development CA and node identities');

  command
    .command('init')
    .description('make a development CA (does nothing when there is one)')
    .requiredOption('--ca <dir>', 'directory of the CA')
    .option('--json', 'print JSON')
    .action(async (options: { ca: string; json?: boolean }) => {
      const { openAuthority } = await import('@postern/pki');
      await openAuthority({ directory: options.ca, clock: systemClock, entropy: systemEntropy });
      print(options, { ca: options.ca }, [`Development CA in ${options.ca}`]);
    });

  command
    .command('issue')
    .description('make the identity bundle of a node, or renew it in the last third of its validity')
    .argument('<identity>', 'urn:postern:<server|intermediary|device|operator>:<name>')
    .requiredOption('--ca <dir>', 'directory of the CA')
    .option('--out <dir>', 'directory for the bundle (default: ./<name>)')
    .option('--days <n>', 'validity in days', wholeNumber, 90)
    .option('--json', 'print JSON')
    .action(async (uri: string, options: { ca: string; out?: string; days: number; json?: boolean }) => {
      const { ensureNodeIdentity, openAuthority } = await import('@postern/pki');
      const identity = parseIdentity(uri);
      const directory = options.out ?? join('.', identity.name);
      const authority = await openAuthority({
        directory: options.ca,
        clock: systemClock,
        entropy: systemEntropy,
      });
      const lifetime = Days(options.days);
      const node = await ensureNodeIdentity({ directory, identity, clock: systemClock, authority, lifetime });
      const validUntil = new Date(node.notAfter).toISOString();
      print(options, { identity: toUri(identity), directory, validUntil }, [
        `${toUri(identity)} in ${directory}, valid until ${validUntil}`,
      ]);
    });

  return command;
};
