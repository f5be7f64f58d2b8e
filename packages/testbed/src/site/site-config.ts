import type { NodeIdentity } from '@postern/core';
import type { DeviceFaults, DeviceFleetConfigInput } from '@postern/device-emulator';
import type { IntermediaryConfigInput } from '@postern/intermediary';
import type { ServerConfigInput } from '@postern/management-server';
import type { Endpoint } from '../tcp/listener.ts';
import type { SiteDevice, SiteFiles } from './site-files.ts';

/** Names of the nodes of a site; the server is called `server`. */
export const SERVER: NodeIdentity = { role: 'server', name: 'server' };
export const deviceIdentity = (name: string): NodeIdentity => ({ role: 'device', name });
export const intermediaryIdentity = (name: string): NodeIdentity => ({ role: 'intermediary', name });

/** Every tier of a site asks for signatures with all of the vendor's keys. */
const vendorTrust = ({ vendorPublicKeyFiles }: SiteFiles) => ({
  vendorKeyFiles: [...vendorPublicKeyFiles],
  vendorThreshold: vendorPublicKeyFiles.length,
});

/** And, if the site has one, all take its revocation list. */
const revocations = ({ revocationListFile }: SiteFiles) =>
  revocationListFile === undefined ? {} : { revocationListFile };

/** What a topology may choose of its server. */
export type ServerChoices = Partial<
  Omit<
    ServerConfigInput,
    'dataDir' | 'identityDir' | 'uplink' | 'rest' | 'vendorKeyFiles' | 'vendorThreshold'
  >
>;

export const serverConfig = (
  files: SiteFiles,
  { host, uplink, rest }: { readonly host: string; readonly uplink: number; readonly rest: number },
  choices: ServerChoices = {},
): ServerConfigInput => ({
  ...choices,
  dataDir: files.serverDataDir,
  identityDir: files.identityDir(SERVER),
  uplink: { host, port: uplink },
  rest: { host, port: rest },
  ...revocations(files),
  ...vendorTrust(files),
});

/** What a site may choose of its intermediary: schemes, local orders, schedule and all the rest. */
export type IntermediaryChoices = Partial<
  Omit<
    IntermediaryConfigInput,
    'dataDir' | 'identityDir' | 'uplink' | 'secure' | 'notice' | 'vendorKeyFiles' | 'vendorThreshold'
  >
> & { readonly uplink?: Partial<Omit<NonNullable<IntermediaryConfigInput['uplink']>, 'url' | 'serverName'>> };

/** What the intermediary is told of its link to one device. */
export type LinkChoices = NonNullable<IntermediaryConfigInput['devices']>[string];

export const intermediaryConfig = (
  files: SiteFiles,
  name: string,
  uplink: Endpoint & { readonly above: NodeIdentity },
  { host, ...ports }: { readonly host: string; readonly secure: number; readonly notice: number },
  choices: IntermediaryChoices,
): IntermediaryConfigInput => ({
  ...choices,
  dataDir: files.intermediaryDataDir,
  identityDir: files.identityDir(intermediaryIdentity(name)),
  uplink: {
    ...choices.uplink,
    url: `https://${uplink.host}:${uplink.port}/uplink`,
    serverName: uplink.above.name,
    ...(uplink.above.role === 'intermediary' ? { role: 'intermediary' as const } : {}),
  },
  secure: { host, port: ports.secure },
  notice: { host, port: ports.notice },
  ...revocations(files),
  ...vendorTrust(files),
});

/** The port on which a device listens; others are told the other port, when somebody stands in between. */
export interface DevicePort {
  readonly port: number;
  readonly advertisedPort: number;
}

type DeviceEntry = DeviceFleetConfigInput['devices'][number];

/** What a site may choose of a device: its settings, its faults, and the ports under which others reach it. */
export type DeviceChoices = Readonly<
  Omit<DeviceEntry, 'identityDir' | 'passwordListFile' | 'faults' | 'soap' | 'ftp' | 'plain'>
> & {
  readonly faults?: DeviceFaults;
  readonly soap?: DevicePort;
  readonly ftp?: DevicePort;
  /** Takes requests without secrets in plain HTTP, on a port of the system's choice. */
  readonly plain?: true | DevicePort;
};

/** A device and what both sides are told of it. */
export type DeviceOfSite = SiteDevice &
  DeviceChoices & {
    /** What the intermediary is told of it beside the TLS mode and the password list, which it learns from the device's choices. */
    readonly link?: LinkChoices;
  };

/** What the intermediary is told of its links: as the devices are made, then as it is said. */
export const linksOf = (
  files: Pick<SiteFiles, 'passwordListFile'>,
  devices: readonly DeviceOfSite[],
  chosen: IntermediaryChoices['devices'] = {},
): Record<string, LinkChoices> => {
  const made = devices.map(({ id, secureLink, passwords, link }): [string, LinkChoices] => [
    id,
    {
      ...(secureLink === undefined ? {} : { tls: secureLink }),
      ...(passwords === undefined
        ? {}
        : { credential: 'password-list', passwordListFile: files.passwordListFile(id) }),
      ...link,
      ...chosen[id],
    },
  ]);
  return { ...chosen, ...Object.fromEntries(made.filter(([, link]) => Object.keys(link).length > 0)) };
};

export const fleetConfig = (
  files: SiteFiles,
  intermediary: { readonly name: string; readonly secure: Endpoint; readonly notice: Endpoint },
  devices: readonly (SiteDevice & DeviceChoices)[],
  timeKeyFiles: readonly string[],
  hostOf: (deviceId: string) => string,
): DeviceFleetConfigInput => ({
  dataDir: files.deviceDataDir,
  devices: devices.map((device) => entryOf(files, device, hostOf(device.id))),
  intermediary: {
    name: intermediary.name,
    secureUrl: `https://${intermediary.secure.host}:${intermediary.secure.port}/intermediary`,
    noticeUrl: `http://${intermediary.notice.host}:${intermediary.notice.port}/intermediary`,
  },
  ...revocations(files),
  ...vendorTrust(files),
  timeKeyFiles: [...timeKeyFiles],
});

const entryOf = (
  files: SiteFiles,
  { firmware: _, apps: __, passwords, faults, soap, ftp, plain, ...settings }: SiteDevice & DeviceChoices,
  host: string,
): DeviceEntry => ({
  // An update must not wait until the engines of a site that has just been built are warm.
  engineStartUp: 0,
  ...settings,
  identityDir: files.identityDir(deviceIdentity(settings.id)),
  soap: { host, ...soap },
  ftp: { host, ...ftp },
  ...(plain === undefined ? {} : { plain: { host, ...(plain === true ? {} : plain) } }),
  ...(passwords === undefined ? {} : { passwordListFile: files.passwordListFile(settings.id) }),
  faults: { ...faults, ...(faults?.crashAtBootOf && { crashAtBootOf: [...faults.crashAtBootOf] }) },
});
