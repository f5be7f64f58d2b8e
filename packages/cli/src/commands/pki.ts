import { join } from 'node:path';
import { Days, parseIdentity, systemClock, systemEntropy, toUri } from '@postern/core';
import type { Authority } from '@postern/pki';
import { Command } from 'commander';
import { wholeNumber } from '../option-values.ts';
import { print } from '../output/print.ts';

interface IssueOptions {
  readonly ca: string;
  readonly out?: string;
  readonly days: number;
  readonly mail?: boolean;
  readonly dns: readonly string[];
  readonly address: readonly string[];
  readonly json?: boolean;
}

interface RevocationOptions {
  readonly ca: string;
  readonly out?: string;
  readonly days: number;
  readonly json?: boolean;
}

const openCa = async (directory: string): Promise<Authority> => {
  const { openAuthority } = await import('@postern/pki');
  return openAuthority({ directory, clock: systemClock, entropy: systemEntropy });
};

const publish = async (authority: Authority, path: string, days: number): Promise<string> => {
  const { publishRevocationList } = await import('@postern/pki');
  await publishRevocationList(authority, path, Days(days));
  return `Revocation list in ${path}, to be replaced within ${days} days`;
};

/** What nodes take as `revocationListFile`. */
const addRevocation = (command: Command): void => {
  command
    .command('revoke')
    .description('take a certificate back; in force at a node once it has the new list')
    .argument(
      '<certificate>',
      'serial number, certificate (node.pem) or bundle directory, with all that is in it',
    )
    .requiredOption('--ca <dir>', 'directory of the CA')
    .option('--out <file>', 'write the new revocation list there')
    .option('--days <n>', 'validity of the list in days', wholeNumber, 7)
    .option('--json', 'print JSON')
    .action(async (certificate: string, options: RevocationOptions) => {
      const { certificateSerials } = await import('@postern/pki');
      const authority = await openCa(options.ca);
      const serials = await certificateSerials(certificate);
      for (const serial of serials) await authority.revoke(serial);
      const [serial, mailSerial] = serials;
      const { out, days } = options;
      const written = out === undefined ? [] : [await publish(authority, out, days)];
      const result = {
        serial,
        ...(mailSerial === undefined ? {} : { mailSerial }),
        ...(out === undefined ? {} : { list: out }),
      };
      print(options, result, [...serials.map((one) => `Revoked ${one}`), ...written]);
    });

  command
    .command('crl')
    .description('write the revocation list that nodes take as revocationListFile')
    .requiredOption('--ca <dir>', 'directory of the CA')
    .requiredOption('--out <file>', 'the list; nodes that run follow it')
    .option('--days <n>', 'validity of the list in days', wholeNumber, 7)
    .option('--json', 'print JSON')
    .action(async (options: RevocationOptions & { readonly out: string }) => {
      const written = await publish(await openCa(options.ca), options.out, options.days);
      print(options, { list: options.out }, [written]);
    });
};

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
    .option('--mail', "the node's mail identity, beside its other one, instead")
    .option('--dns <name...>', 'host names to certify, too: clients of other vendors check them', [])
    .option('--address <ip...>', 'addresses to certify, too', [])
    .option('--json', 'print JSON')
    .action(async (uri: string, options: IssueOptions) => {
      const { ensureMailIdentity, ensureNodeIdentity, openAuthority } = await import('@postern/pki');
      const identity = parseIdentity(uri);
      const directory = options.out ?? join('.', identity.name);
      const authority = await openAuthority({
        directory: options.ca,
        clock: systemClock,
        entropy: systemEntropy,
      });
      const lifetime = Days(options.days);
      const ensure = options.mail ? ensureMailIdentity : ensureNodeIdentity;
      const { dns: dnsNames, address: addresses } = options;
      const hosts = { dnsNames, addresses };
      const node = await ensure({ directory, identity, clock: systemClock, authority, lifetime, ...hosts });
      const validUntil = new Date(node.notAfter).toISOString();
      print(options, { identity: toUri(identity), directory, validUntil, serial: node.serial }, [
        `${toUri(identity)} in ${directory}, valid until ${validUntil}, serial number ${node.serial}`,
      ]);
    });

  addRevocation(command);

  return command;
};
