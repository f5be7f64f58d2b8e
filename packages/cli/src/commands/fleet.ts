import type { DeviceListFilter, DeviceView, IntermediaryView } from '@postern/management-server/client';
import { Command } from 'commander';
import { print, table } from '../output/print.ts';
import { type ConnectionOptions, withConnection, withServer } from './server-connection.ts';

/** `postern fleet`: what devices and intermediaries there are, as the server knows them. Changes nothing. */
export const fleetCommand = (): Command =>
  new Command('fleet')
    .description('devices and intermediaries that the server knows')
    .addCommand(list())
    .addCommand(show());

interface ListOptions extends ConnectionOptions {
  readonly sites?: boolean;
  readonly site?: string;
  readonly model?: string;
  readonly profile?: string;
}

const list = (): Command =>
  withConnection(
    new Command('list')
      .description('devices, or intermediaries')
      .option('--sites', 'intermediaries instead of devices')
      .option('--site <name>', 'devices below this intermediary only, at whatever depth')
      .option('--model <model>', 'devices of this model only')
      .option('--profile <profile>', 'devices of this profile only'),
  ).action(async (options: ListOptions) => {
    await withServer(options, async (client) => {
      if (options.sites) return printSites(await client.listIntermediaries(), options);
      printDevices(await client.listDevices(filterOf(options)), options);
    });
  });

const filterOf = ({ site, model, profile }: ListOptions): DeviceListFilter => ({
  ...(site === undefined ? {} : { intermediary: site }),
  ...(model === undefined ? {} : { model }),
  ...(profile === undefined ? {} : { profile }),
});

const printDevices = (items: readonly DeviceView[], options: ListOptions): void => {
  const rows = items.map((device) => [
    device.id,
    device.model,
    wayTo(device),
    standingOf(device),
    device.lastContact ?? '',
    runs(device),
  ]);
  print(options, items, table([['ID', 'MODEL', 'WAY', 'STANDING', 'LAST CONTACT', 'RUNS'], ...rows]));
};

const printSites = (items: readonly IntermediaryView[], options: ListOptions): void => {
  const rows = items.map(({ name, lastSeen, via, route }) => [
    name,
    lastSeen ?? '',
    via === null ? '' : [via, ...route].join(' > '),
  ]);
  print(options, items, table([['NAME', 'LAST SEEN', 'WAY'], ...rows]));
};

const show = (): Command =>
  withConnection(
    new Command('show').description('a device with its latest counters').argument('<id>', 'of the device'),
  ).action(async (id: string, options: ConnectionOptions) => {
    const device = await withServer(options, (client) => client.device(id));
    const { model, serialNumber, profile, bulkPathKind, lastContact, counters } = device;
    const facts = [
      `model ${model}`,
      ...(serialNumber === null ? [] : [`serial number ${serialNumber}`]),
      ...(profile === null ? [] : [`profile ${profile}`]),
      `way ${wayTo(device)}`,
      `bulk path ${bulkPathKind}`,
      `last contact ${lastContact ?? 'unknown'}`,
    ];
    print(options, device, [
      `${id}: ${standingOf(device)}`,
      ...facts.map((fact) => `  ${fact}`),
      `  runs ${runs(device)}`,
      ...(counters ?? []).map(({ name, value, at }) => `  ${name}=${value}  at ${at}`),
    ]);
  });

/** The intermediaries on the way from the server to a device. */
const wayTo = ({ intermediary, route }: DeviceView): string => [intermediary, ...route].join(' > ');

const standingOf = ({ present, active }: DeviceView): string =>
  present ? (active === false ? 'released' : 'active') : 'gone';

const runs = ({ components }: DeviceView): string =>
  components.map(({ component, version }) => `${component} ${version}`).join(', ');
