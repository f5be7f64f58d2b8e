import type { NodeIdentity } from '@postern/core';
import type { DeviceFaults, DeviceFleetConfigInput } from '@postern/device-emulator';
import type { IntermediaryConfigInput } from '@postern/intermediary';
import type { ServerConfigInput } from '@postern/management-server';
import type { Endpoint } from '../tcp/listener.ts';
import type { SiteFiles } from './site-files.ts';

/** Names of the nodes of a site; the server is called `server`. */
export const SERVER: NodeIdentity = { role: 'server', name: 'server' };
export const deviceIdentity = (name: string): NodeIdentity => ({ role: 'device', name });
export const intermediaryIdentity = (name: string): NodeIdentity => ({ role: 'intermediary', name });

const HOST = '127.0.0.1';

export const serverConfig = (
  files: SiteFiles,
  ports: { readonly uplink: number; readonly rest: number },
): ServerConfigInput => ({
  dataDir: files.serverDataDir,
  identityDir: files.identityDir(SERVER),
  uplink: { host: HOST, port: ports.uplink },
  rest: { host: HOST, port: ports.rest },
  vendorKeyFiles: [files.vendorPublicKeyFile],
});

/** What a site may choose of its intermediary. */
export type IntermediaryChoices = Partial<
  Omit<IntermediaryConfigInput, 'dataDir' | 'identityDir' | 'uplink' | 'secure' | 'notice' | 'vendorKeyFiles'>
> & { readonly uplink?: Partial<Omit<IntermediaryConfigInput['uplink'], 'url' | 'serverName'>> };

export const intermediaryConfig = (
  files: SiteFiles,
  name: string,
  uplink: Endpoint,
  ports: { readonly secure: number; readonly notice: number },
  choices: IntermediaryChoices,
): IntermediaryConfigInput => ({
  ...choices,
  dataDir: files.intermediaryDataDir,
  identityDir: files.identityDir(intermediaryIdentity(name)),
  uplink: {
    ...choices.uplink,
    url: `https://${uplink.host}:${uplink.port}/uplink`,
    serverName: SERVER.name,
  },
  secure: { host: HOST, port: ports.secure },
  notice: { host: HOST, port: ports.notice },
  vendorKeyFiles: [files.vendorPublicKeyFile],
});

/** A device's faults and the ports under which others reach it (a proxy's, when there is one in between). */
export interface DeviceChoices {
  readonly id: string;
  readonly model?: string;
  readonly faults?: DeviceFaults;
  readonly soap?: { readonly port: number; readonly advertisedPort: number };
  readonly ftp?: { readonly port: number; readonly advertisedPort: number };
}

export const fleetConfig = (
  files: SiteFiles,
  intermediary: { readonly name: string; readonly secure: Endpoint; readonly notice: Endpoint },
  devices: readonly DeviceChoices[],
): DeviceFleetConfigInput => ({
  dataDir: files.deviceDataDir,
  devices: devices.map(({ id, model, faults, soap, ftp }) => ({
    id,
    ...(model === undefined ? {} : { model }),
    identityDir: files.identityDir(deviceIdentity(id)),
    soap: { host: HOST, ...soap },
    ftp: { host: HOST, ...ftp },
    faults: { ...faults, ...(faults?.crashAtBootOf && { crashAtBootOf: [...faults.crashAtBootOf] }) },
  })),
  intermediary: {
    name: intermediary.name,
    secureUrl: `https://${intermediary.secure.host}:${intermediary.secure.port}/intermediary`,
    noticeUrl: `http://${intermediary.notice.host}:${intermediary.notice.port}/intermediary`,
  },
  vendorKeyFiles: [files.vendorPublicKeyFile],
});
