import { errorCode } from '@postern/core';
import type { OperatorClient, OrderRequest } from '@postern/management-server/client';
import { Command, Option } from 'commander';
import { wholeNumber } from '../option-values.ts';
import { print, table } from '../output/print.ts';
import { resultLines } from '../output/result-lines.ts';
import { createUpdatePrinter } from '../output/update-printer.ts';
import { palette, stepLine } from '../output/update-view.ts';
import { resolveSoftware } from '../resolve-software.ts';
import { watchUpdate } from '../watch-update.ts';
import { type ConnectionOptions, withConnection, withServer } from './server-connection.ts';
import { directCommand } from './update-direct.ts';

/** `postern update`: order, follow and call off updates. `watch` and `order --watch` exit 1 when the update did not succeed. */
export const updateCommand = (): Command => {
  const command = new Command('update').description('order and follow software updates');
  command.addCommand(order()).addCommand(watch()).addCommand(show()).addCommand(list()).addCommand(cancel());
  command.addCommand(devices()).addCommand(directCommand());
  return command;
};

interface OrderOptions extends ConnectionOptions {
  readonly device: string;
  readonly software: string;
  readonly deadline: number;
  readonly watch?: boolean;
  readonly generator?: Policy['passwordGenerator'];
  readonly eraser?: Policy['eraser'];
  readonly invalidation?: Policy['invalidation'];
  readonly bulkPath?: Policy['bulkPathKind'];
  readonly tries?: number;
  readonly restartTimeout?: number;
}

type Policy = NonNullable<OrderRequest['policy']>;

const PARTIES = ['updater', 'target'];

const order = (): Command =>
  withConnection(
    new Command('order')
      .description('order an update of a device; what is not given is the choice of the site')
      .requiredOption('--device <id>', 'the device')
      .requiredOption(
        '--software <id or name[@version]>',
        'the software; a name stands for its newest release',
      )
      .option('--deadline <seconds>', 'from now, when the update has failed at the latest', wholeNumber, 3600)
      .option('--watch', 'follow it to its end; exit code 1 when it did not succeed')
      .addOption(new Option('--generator <party>', 'who makes the one-time password').choices(PARTIES))
      .addOption(new Option('--eraser <party>', 'who sends its erasure').choices(PARTIES))
      .addOption(
        new Option('--invalidation <way>', 'how it ends at the device').choices([
          'overwrite-random',
          'overwrite-fixed',
          'request',
        ]),
      )
      .addOption(
        new Option('--bulk-path <kind>', 'how the image travels').choices([
          'ftp',
          'ftps-explicit',
          'ftps-implicit',
          'sftp',
        ]),
      )
      .option('--tries <n>', 'how often the image is sent at most', wholeNumber)
      .option('--restart-timeout <seconds>', 'how long the device may take to come back', wholeNumber),
  ).action(async (options: OrderOptions) => {
    await withServer(options, async (client) => {
      const software = await resolveSoftware(client, options.software);
      const update = await client.orderUpdate({
        deviceId: options.device,
        software,
        deadlineSeconds: options.deadline,
        policy: policyOf(options),
      });
      if (options.watch) return follow(client, update.id, options);
      print(options, update, [`Ordered ${update.id}; follow it with: postern update watch ${update.id}`]);
    });
  });

const policyOf = (options: OrderOptions): Policy => ({
  ...(options.generator === undefined ? {} : { passwordGenerator: options.generator }),
  ...(options.eraser === undefined ? {} : { eraser: options.eraser }),
  ...(options.invalidation === undefined ? {} : { invalidation: options.invalidation }),
  ...(options.bulkPath === undefined ? {} : { bulkPathKind: options.bulkPath }),
  ...(options.tries === undefined ? {} : { transferTries: options.tries }),
  ...(options.restartTimeout === undefined ? {} : { restartTimeoutSeconds: options.restartTimeout }),
});

const show = (): Command =>
  withConnection(
    new Command('show').description('an update and its journal').argument('<id>', 'of the update'),
  ).action(async (id: string, options: ConnectionOptions) => {
    await withServer(options, async (client) => {
      const [update, journal] = [await client.update(id), await client.journal(id)];
      const colours = palette(process.stdout.isTTY === true);
      const bulkPathKind = await bulkPathOf(client, id);
      print(options, { ...update, journal }, [
        `${update.id}  ${update.deviceId}  ${update.state}${update.failure ? `  ${update.failure.code}` : ''}`,
        `  ${update.software ?? 'unknown software'}, ordered by ${update.orderedBy}`,
        ...resultLines(update),
        ...journal.map((step) => `${step.at} ${stepLine(step, colours, bulkPathKind)}`),
      ]);
    });
  });

const watch = (): Command =>
  withConnection(
    new Command('watch')
      .description('follow an update to its end; exit code 1 when it did not succeed')
      .argument('<id>', 'of the update'),
  ).action(async (id: string, options: ConnectionOptions) => {
    await withServer(options, (client) => follow(client, id, options));
  });

/** The one kind of bulk path that the update's device has; a watch does not fail for want of it. */
const bulkPathOf = async (client: OperatorClient, updateId: string) => {
  try {
    const { deviceId } = await client.update(updateId);
    return (await client.device(deviceId)).bulkPathKind;
  } catch (error) {
    if (['device-unknown', 'unreachable'].includes(errorCode(error, ''))) return undefined;
    throw error;
  }
};

const follow = async (client: OperatorClient, id: string, options: ConnectionOptions): Promise<void> => {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const bulkPathKind = await bulkPathOf(client, id);
  const printer = createUpdatePrinter(process.stdout, { ...options, bulkPathKind });
  const update = await watchUpdate(client, id, printer, interrupted.signal);
  if (update.state !== 'verified' && update.state !== 'not-required') process.exitCode = 1;
};

const list = (): Command =>
  withConnection(new Command('list').description('the newest 100 updates')).action(
    async (options: ConnectionOptions) => {
      const items = await withServer(options, (client) => client.listUpdates());
      const rows = items.map(({ id, deviceId, orderedBy, state, assurance, failure }) => [
        id,
        deviceId,
        orderedBy,
        state,
        assurance ?? '',
        failure?.code ?? '',
      ]);
      const head = ['ID', 'DEVICE', 'ORDERED BY', 'STATE', 'ASSURANCE', 'FAILURE'];
      print(options, items, table([head, ...rows]));
    },
  );

const cancel = (): Command =>
  withConnection(
    new Command('cancel').description('call an update off').argument('<id>', 'of the update'),
  ).action(async (id: string, options: ConnectionOptions) => {
    const update = await withServer(options, (client) => client.cancel(id));
    print(options, update, [`${update.id}  ${update.state}`]);
  });

const devices = (): Command =>
  withConnection(new Command('devices').description('devices that intermediaries have reported')).action(
    async (options: ConnectionOptions) => {
      const items = await withServer(options, (client) => client.listDevices());
      const rows = items.map(({ id, model, intermediary, components, present }) => [
        id,
        model,
        present ? intermediary : `${intermediary} (gone)`,
        components.map(({ component, version }) => `${component} ${version}`).join(', '),
      ]);
      print(options, items, table([['ID', 'MODEL', 'INTERMEDIARY', 'RUNS'], ...rows]));
    },
  );
