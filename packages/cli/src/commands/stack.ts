import { systemClock, systemEntropy } from '@postern/core';
import { Command } from 'commander';
import { print } from '../output/print.ts';
import { createUpdatePrinter } from '../output/update-printer.ts';
import { type ConnectionOptions, withConnection, withServer } from './server-connection.ts';

/** `postern stack`: what the containers of docker-compose.yml run once (docs/compose.md). */
export const stackCommand = (): Command => {
  const command = new Command('stack').description('what the containers of docker-compose.yml run once');
  return command.addCommand(prepare()).addCommand(update());
};

const prepare = (): Command =>
  new Command('prepare')
    .description('make the identities, configurations and keys that are missing; what is there is kept')
    .requiredOption('--nodes <dir>', 'holds the volume of each node, by its name')
    .option('--json', 'print JSON')
    .action(async ({ nodes, ...options }: { readonly nodes: string; readonly json?: boolean }) => {
      const { prepareStack } = await import('../stack/prepare-stack.ts');
      const { STACK_NODES } = await import('../stack/stack-plan.ts');
      await prepareStack(nodes, { clock: systemClock, entropy: systemEntropy });
      const names = STACK_NODES.map(({ identity }) => identity.name);
      print(options, { nodes: names }, [`Ready: ${names.join(', ')}`]);
    });

interface UpdateOptions extends ConnectionOptions {
  readonly device: string;
  readonly key: string;
  readonly image?: string;
}

const update = (): Command =>
  withConnection(
    new Command('update')
      .description('sign, register and order a release for a device; exit code 1 when it was not verified')
      .option('--device <id>', 'the device', 'printer-1')
      .requiredOption('--key <file>', "the vendor's private key")
      .option('--image <file>', 'the firmware to install: any file of at least one byte'),
  ).action(async (options: UpdateOptions) => {
    const { stackUpdate } = await import('../stack/stack-update.ts');
    const interrupted = new AbortController();
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort());
    const { state } = await withServer(options, (client) =>
      stackUpdate({
        client,
        deviceId: options.device,
        image: options.image,
        vendorPrivateKeyFile: options.key,
        printer: createUpdatePrinter(process.stdout, options),
        stop: interrupted.signal,
      }),
    );
    if (state !== 'verified') process.exitCode = 1;
  });
