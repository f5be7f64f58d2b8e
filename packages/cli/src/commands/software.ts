import { createReadStream } from 'node:fs';
import { Days, systemClock } from '@postern/core';
import { Command } from 'commander';
import { COMPONENT_FORM, parseComponent } from '../component-option.ts';
import { wholeNumber } from '../option-values.ts';
import { formatBytes, print, table } from '../output/print.ts';
import { measureImage, readBytes, signSoftware, writeBytes, writeVendorKey } from '../software-files.ts';
import { type ConnectionOptions, withConnection, withServer } from './server-connection.ts';
import { bundleCommand, importCommand } from './software-import.ts';
import { pushCommand } from './software-push.ts';
import { rotateKeysCommand } from './software-rotate-keys.ts';
import { keysCommand, trustCommand } from './software-trust.ts';

/** `postern software`: what a vendor does with a release, and how it reaches the server. */
export const softwareCommand = (): Command => {
  const command = new Command('software').description(
    'sign software and bring it to the server or to a site',
  );
  command.addCommand(pushCommand()).addCommand(trustCommand()).addCommand(keysCommand());
  command.addCommand(rotateKeysCommand());
  command.addCommand(bundleCommand()).addCommand(importCommand());
  command.addCommand(keygen()).addCommand(sign()).addCommand(add()).addCommand(list());
  return command;
};

const keygen = (): Command =>
  new Command('keygen')
    .description("make a vendor's signing key: NAME.key (keep it away from servers) and NAME.pub")
    .argument('<name>', 'path without extension')
    .option('--json', 'print JSON')
    .action(async (name: string, options: { json?: boolean }) => {
      const files = await writeVendorKey(name);
      print(options, files, [`Private key ${files.privateKeyFile}`, `Public key  ${files.publicKeyFile}`]);
    });

interface SignOptions {
  readonly key: readonly string[];
  readonly software: string;
  readonly model: string;
  readonly component: readonly string[];
  readonly days: number;
  readonly out: string;
  readonly json?: boolean;
}

const sign = (): Command =>
  new Command('sign')
    .description('hash images and sign a manifest of them')
    .requiredOption(
      '--key <file...>',
      "the vendor's private key; several where a threshold is demanded (repeatable)",
    )
    .requiredOption('--software <name>', 'name of the software package, the same for all its releases')
    .requiredOption('--model <model>', 'device model it is for, exactly as devices report it')
    .requiredOption(
      `--component ${COMPONENT_FORM}`,
      'component, version, release counter and image file (repeatable)',
    )
    .option('--days <n>', 'for how many days it may be installed', wholeNumber, 365)
    .requiredOption('--out <file>', 'where the signed manifest goes')
    .option('--json', 'print JSON')
    .action(async (options: SignOptions) => {
      const request = {
        software: options.software,
        model: options.model,
        validFor: Days(options.days),
        components: options.component.map(parseComponent),
      };
      const signed = await signSoftware(systemClock, request, ...options.key);
      await writeBytes(options.out, signed);
      print(options, { signedManifest: options.out }, [`Signed manifest ${options.out}`]);
    });

const add = (): Command =>
  withConnection(
    new Command('add')
      .description('upload images and register their signed manifest')
      .requiredOption('--manifest <file>', 'signed manifest')
      .requiredOption('--image <file...>', 'the image files it names (repeatable)'),
  ).action(async (options: ConnectionOptions & { manifest: string; image: readonly string[] }) => {
    const signedManifest = await readBytes(options.manifest);
    const software = await withServer(options, async (client) => {
      for (const file of options.image) {
        const { length, sha256 } = await measureImage(file);
        if (await client.hasImage(sha256)) continue;
        await client.putImage(sha256, length, createReadStream(file, { highWaterMark: 1 << 18 }));
      }
      return client.registerSoftware(signedManifest);
    });
    print(options, software, [`Registered ${software.software} for ${software.model} as ${software.id}`]);
  });

const list = (): Command =>
  withConnection(new Command('list').description('registered software')).action(
    async (options: ConnectionOptions) => {
      const items = await withServer(options, (client) => client.listSoftware());
      const rows = items.map(({ id, software, model, components }) => [
        id,
        software,
        model,
        components
          .map(({ name, version, length }) => `${name} ${version} (${formatBytes(length)})`)
          .join(', '),
      ]);
      print(options, items, table([['ID', 'SOFTWARE', 'MODEL', 'COMPONENTS'], ...rows]));
    },
  );
