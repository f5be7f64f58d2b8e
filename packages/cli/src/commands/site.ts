import type { OperationClient, WireUpdate } from '@postern/intermediary/operation';
import { Command } from 'commander';
import { exitCodeOf, showSiteUpdate, siteUpdateLine } from '../follow-site-update.ts';
import { wholeNumber } from '../option-values.ts';
import { print, table } from '../output/print.ts';
import { createUpdatePrinter } from '../output/update-printer.ts';
import { palette, stepLine } from '../output/update-view.ts';
import { type SiteOptions, withSite, withSiteOptions } from './site-connection.ts';
import { siteDeviceCommands } from './site-devices.ts';
import { siteFilesCommand } from './site-files.ts';
import { siteRequestCommands } from './site-requests.ts';
import { siteScheduleCommand } from './site-schedule.ts';
import { siteSoftwareCommand } from './site-software.ts';

/**
 * `postern site`: what can be done at the intermediary of this machine itself, with or without a server. Exit codes as
 * `postern update`.
 *
 * @spec I4
 */
export const siteCommand = (): Command => {
  const command = new Command('site').description('look and order at the intermediary of this machine');
  command.addCommand(status());
  for (const ofDevices of siteDeviceCommands()) command.addCommand(ofDevices);
  for (const ofRequests of siteRequestCommands()) command.addCommand(ofRequests);
  command.addCommand(siteFilesCommand()).addCommand(siteSoftwareCommand());
  command.addCommand(order()).addCommand(updates()).addCommand(cancel()).addCommand(siteScheduleCommand());
  return command;
};

const status = (): Command =>
  withSiteOptions(new Command('status').description('how the site is')).action(
    async (options: SiteOptions) => {
      const site = await withSite(options, (client) => client.status());
      print(options, site, [
        `${site.name}: ${site.uplink === null ? 'works alone' : `uplink ${site.uplink}`}`,
        `${site.devices} devices, ${site.openUpdates} open updates, ${site.software} releases on the shelf`,
        `${site.waitingAbove} answers wait for the server`,
        `Vendor keys: ${site.vendorKeys.length}, after ${site.vendorTrustSequence} key rotations`,
      ]);
    },
  );

interface OrderOptions extends SiteOptions {
  readonly device: string;
  readonly software?: string;
  readonly deadline?: number;
  readonly watch?: boolean;
}

const order = (): Command =>
  withSiteOptions(
    new Command('order')
      .description('order an update of a device')
      .requiredOption('--device <id>', 'the device')
      .option('--software <id or name>', 'software on the shelf; the newest for the device unless given')
      .option('--deadline <seconds>', 'from now, when the update has failed at the latest', wholeNumber)
      .option('--watch', 'follow it to its end; exit code 1 when it did not succeed'),
  ).action(async ({ device, software, deadline, watch, ...options }: OrderOptions) => {
    await withSite(options, async (client) => {
      const update = await client.order({
        deviceId: device,
        ...(software === undefined ? {} : { software }),
        ...(deadline === undefined ? {} : { deadlineSeconds: deadline }),
      });
      if (watch) return follow(client, update.id, options);
      print(options, update, [
        `Ordered ${update.id}; follow it with: postern site updates ${update.id} --watch`,
      ]);
    });
  });

const follow = async (client: OperationClient, id: string, options: SiteOptions): Promise<void> => {
  const printer = createUpdatePrinter(process.stdout, options);
  process.exitCode = exitCodeOf(await showSiteUpdate(client.follow(id), printer));
};

const updates = (): Command =>
  withSiteOptions(
    new Command('updates')
      .description('the newest 100 updates, or one with its journal')
      .argument('[id]', 'of an update')
      .option('--watch', 'follow it to its end; exit code 1 when it did not succeed'),
  ).action(async (id: string | undefined, options: SiteOptions & { readonly watch?: boolean }) => {
    await withSite(options, async (client) => {
      if (id === undefined) return printUpdates(await client.updates(), options);
      if (options.watch) return follow(client, id, options);
      const update = await client.update(id);
      const colours = palette(process.stdout.isTTY === true);
      print(options, update, [
        siteUpdateLine(update),
        ...update.journal.map((step) => `${step.at} ${stepLine(step, colours)}`),
      ]);
    });
  });

const printUpdates = (items: readonly WireUpdate[], options: SiteOptions): void => {
  const rows = items.map(({ id, deviceId, software, orderedBy, state, phase, failure }) => [
    id,
    deviceId,
    software,
    orderedBy,
    state === 'open' ? phase : state,
    failure?.code ?? '',
  ]);
  print(options, items, table([['ID', 'DEVICE', 'SOFTWARE', 'ORDERED BY', 'STATE', 'FAILURE'], ...rows]));
};

const cancel = (): Command =>
  withSiteOptions(
    new Command('cancel')
      .description('call an update off; exit code 1 when it is too late')
      .argument('<id>', 'of the update'),
  ).action(async (id: string, options: SiteOptions) => {
    const cancelled = await withSite(options, (client) => client.cancel(id));
    print(options, { id, cancelled }, [
      cancelled ? `${id} is called off` : `${id} cannot be called off any more`,
    ]);
    if (!cancelled) process.exitCode = 1;
  });
