import type { NodeIdentity } from '@postern/core';
import type { DeviceFleetConfigInput } from '@postern/device-emulator';
import type { IntermediaryConfigInput } from '@postern/intermediary';
import type { ServerConfigInput } from '@postern/management-server';

/** Where a container has the volume of its node, and nothing else that it could write to. */
const DATA = '/data';

/** What every node finds in its volume. */
const OWN = { dataDir: `${DATA}/state`, identityDir: `${DATA}/identity` };
const VENDOR_KEYS = [`${DATA}/vendor.pub`];

const EVERY_ADDRESS = '0.0.0.0';

/** The management server. It listens under a name in each network: what is for operators is not offered to sites. */
export const STACK_SERVER = { role: 'server', name: 'server' } as const satisfies NodeIdentity;

/** Names that operators may use for it, beside its identity. */
export const SERVER_HOST_NAMES = { dnsNames: ['rest', 'localhost'], addresses: ['127.0.0.1'] };

const server: ServerConfigInput = {
  ...OWN,
  vendorKeyFiles: VENDOR_KEYS,
  uplink: { host: 'uplink', port: 8443 },
  rest: { host: 'rest', port: 8444 },
};

const intermediary = (uplink: NonNullable<IntermediaryConfigInput['uplink']>): IntermediaryConfigInput => ({
  ...OWN,
  vendorKeyFiles: VENDOR_KEYS,
  // The way up may be ready later than this node: nobody waits for the default pause of a minute.
  uplink: { ...uplink, longestPause: 4 },
  secure: { host: EVERY_ADDRESS, port: 9443 },
  notice: { host: EVERY_ADDRESS, port: 9080 },
});

/** The intermediary of the site, and the one below it. */
const INTERMEDIARIES: Readonly<Record<'site' | 'cellar', IntermediaryConfigInput>> = {
  site: {
    ...intermediary({ url: 'https://gateway:8443/uplink', serverName: STACK_SERVER.name }),
    below: { host: EVERY_ADDRESS, port: 9444 },
  },
  cellar: intermediary({ url: 'https://site:9444/uplink', serverName: 'site', role: 'intermediary' }),
};

/** A device of the stack, in a container of its own. */
export interface StackDevice {
  readonly id: string;
  readonly profile: string;
  readonly intermediary: keyof typeof INTERMEDIARIES;
}

export const STACK_DEVICES: readonly StackDevice[] = [
  { id: 'printer-1', profile: 'mfp', intermediary: 'site' },
  { id: 'vending-machine-1', profile: 'vending-machine', intermediary: 'site' },
  { id: 'meter-1', profile: 'utility-meter', intermediary: 'cellar' },
];

const device = ({ id, profile, intermediary: name }: StackDevice): DeviceFleetConfigInput => ({
  dataDir: OWN.dataDir,
  vendorKeyFiles: VENDOR_KEYS,
  intermediary: {
    name,
    secureUrl: `https://${name}:9443/intermediary`,
    noticeUrl: `http://${name}:9080/intermediary`,
  },
  devices: [
    {
      id,
      profile,
      identityDir: OWN.identityDir,
      soap: { host: EVERY_ADDRESS, port: 7443, advertisedHost: id },
      ftp: { host: EVERY_ADDRESS, port: 2121, advertisedHost: id },
      // A first update must not wait until an engine is warm.
      engineStartUp: 0,
    },
  ],
});

/** A node of the stack: its name is that of its container and its volume. */
export interface StackNode {
  readonly identity: NodeIdentity;
  readonly config: ServerConfigInput | IntermediaryConfigInput | DeviceFleetConfigInput;
}

/** Every node of docker-compose.yml. */
export const STACK_NODES: readonly StackNode[] = [
  { identity: STACK_SERVER, config: server },
  ...Object.entries(INTERMEDIARIES).map(
    ([name, config]): StackNode => ({ identity: { role: 'intermediary', name }, config }),
  ),
  ...STACK_DEVICES.map(
    (one): StackNode => ({ identity: { role: 'device', name: one.id }, config: device(one) }),
  ),
];
