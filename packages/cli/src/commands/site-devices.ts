import type { WireSearchEvent } from '@postern/intermediary/operation';
import { Command } from 'commander';
import { wholeNumber } from '../option-values.ts';
import { print, table } from '../output/print.ts';
import { createSearchPrinter } from '../output/search-printer.ts';
import { type SiteOptions, withSite, withSiteOptions } from './site-connection.ts';

/**
 * `postern site` about which devices belong to the site: devices, connections, search, adopt, release.
 *
 * @spec I3 I4
 */
export const siteDeviceCommands = (): readonly Command[] => [
  devices(),
  connections(),
  search(),
  adopt(),
  release(),
];

const devices = (): Command =>
  withSiteOptions(new Command('devices').description('devices of the site')).action(
    async (options: SiteOptions) => {
      const items = await withSite(options, (client) => client.devices());
      const rows = items.map(({ id, model, address, components, lastContact, active }) => [
        id,
        model,
        address,
        active ? lastContact : 'released',
        components.map(({ component, version }) => `${component} ${version}`).join(', '),
      ]);
      print(options, items, table([['ID', 'MODEL', 'ADDRESS', 'LAST CONTACT', 'RUNS'], ...rows]));
    },
  );

const connections = (): Command =>
  withSiteOptions(
    new Command('connections').description(
      'how each device was heard of last, and which were found and not adopted',
    ),
  ).action(async (options: SiteOptions) => {
    const items = await withSite(options, (client) => client.connections());
    const rows = items.map(({ id, state, address, lastContact, below }) => [
      id,
      state,
      address ?? '',
      lastContact ?? '',
      below ?? '',
    ]);
    print(options, items, table([['ID', 'STATE', 'ADDRESS', 'LAST CONTACT', 'BELOW'], ...rows]));
  });

interface SearchOptions extends SiteOptions {
  readonly range?: string;
  readonly adopt?: boolean;
}

const search = (): Command =>
  withSiteOptions(
    new Command('search')
      .description('look for devices: listen to who announces himself (DNS-SD), or ask a range of addresses')
      .option('--range <addresses>', 'e.g. 10.0.0.0/24 or 10.0.0.1-10.0.0.9; at most 1,024 of them')
      .option('--adopt', 'make who is found a device of the site at once'),
  ).action(async ({ range, adopt: adopts, ...options }: SearchOptions) => {
    const query = {
      ...(range === undefined
        ? { method: 'dns-sd' as const }
        : { method: 'address-range' as const, addressRange: range }),
      ...(adopts ? { adopt: true } : {}),
    };
    const printer = createSearchPrinter(process.stdout, options);
    await withSite(options, async (client) => {
      for await (const event of client.search(query)) printer(event satisfies WireSearchEvent);
    });
  });

const adopt = (): Command =>
  withSiteOptions(
    new Command('adopt')
      .description('make a device one of the site: one that was found or released, or the one at an address')
      .argument('<device>', 'the name that its certificate has to prove')
      .argument('[host]', 'its address; where it was found or last registered from, unless given')
      .argument('[port]', 'of its secure path', wholeNumber),
  ).action(
    async (
      device: string,
      host: string | undefined,
      port: number | undefined,
      options: SiteOptions,
      command: Command,
    ) => {
      if (host !== undefined && port === undefined) command.error('error: a host needs its port');
      const endpoint = host === undefined || port === undefined ? undefined : { host, port };
      const information = await withSite(options, (client) => client.adopt(device, endpoint));
      print(options, information, [`${information.deviceId} is a ${information.model}`]);
    },
  );

const release = (): Command =>
  withSiteOptions(
    new Command('release')
      .description('give a device up: its updates end, and it is refused until it is adopted again')
      .argument('<device>', 'its name'),
  ).action(async (device: string, options: SiteOptions) => {
    await withSite(options, (client) => client.release(device));
    print(options, { deviceId: device, released: true }, [`${device} is released`]);
  });
