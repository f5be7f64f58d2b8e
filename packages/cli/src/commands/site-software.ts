import { Command } from 'commander';
import { formatBytes, print, table } from '../output/print.ts';
import { type SiteOptions, withSite, withSiteOptions } from './site-connection.ts';

/**
 * `postern site software`: the shelf of the intermediary of this machine.
 *
 * @spec I5
 */
export const siteSoftwareCommand = (): Command => {
  const command = new Command('software').description('the shelf: software that orders at the site install');
  command.addCommand(list(), { isDefault: true }).addCommand(remove());
  return command;
};

const list = (): Command =>
  withSiteOptions(new Command('list').description('software on the shelf')).action(
    async (options: SiteOptions) => {
      const items = await withSite(options, (client) => client.software());
      const rows = items.map(({ id, software, model, source, expires, components }) => [
        id.slice(0, 12),
        software,
        model,
        source,
        expires,
        components
          .map(({ name, version, length }) => `${name} ${version} (${formatBytes(length)})`)
          .join(', '),
      ]);
      print(options, items, table([['ID', 'SOFTWARE', 'MODEL', 'FROM', 'EXPIRES', 'COMPONENTS'], ...rows]));
    },
  );

const remove = (): Command =>
  withSiteOptions(
    new Command('remove')
      .description('take software off the shelf; its images may give way to others')
      .argument('<id or name>', 'of the software; the first 8 digits of its ID will do'),
  ).action(async (wanted: string, options: SiteOptions) => {
    const software = await withSite(options, (client) => client.removeSoftware(wanted));
    print(options, software, [`Off the shelf: ${software.software}, ${software.id}`]);
  });
