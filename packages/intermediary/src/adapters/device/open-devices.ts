import { readFile } from 'node:fs/promises';
import type { Clock, Entropy, Logger } from '@postern/core';
import type { EnrolledNode, RevocationList } from '@postern/pki';
import { unlessMissing } from '@postern/storage/files';
import type { IntermediaryOutside, IntermediaryStores } from '../../composition/parts.ts';
import type { IntermediaryConfig } from '../../config.ts';
import type { DeviceEndpoint, DeviceStore } from '../../domain/devices.ts';
import { adoptLists } from '../../domain/password-lists/adopt-lists.ts';
import { deviceLink } from '../../domain/schemes/device-links.ts';
import { deviceRooms } from '../../domain/updates/device-rooms.ts';
import { dnsSd } from '../search/dns-sd.ts';
import { probeAddress } from '../search/probe-address.ts';
import { type DeviceClient, deviceClient, passThrough } from './device-client.ts';
import { openErasureSecret } from './erasure-secret.ts';
import { inspectDevice } from './inspect-device.ts';
import { soapSecurePath } from './secure-path.ts';
import { showResult } from './show-result.ts';

export interface OpenDevicesOptions {
  readonly config: IntermediaryConfig;
  readonly node: EnrolledNode;
  readonly revocations?: RevocationList | undefined;
  readonly stores: Pick<IntermediaryStores, 'devices' | 'passwordLists'>;
  readonly notifyStartAt: () => Promise<DeviceEndpoint | undefined>;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}

/** Everything that goes out to devices but the bulk path, in the way that each link is configured. */
export interface OpenedDevices
  extends Required<
    Pick<
      IntermediaryOutside,
      'callDevice' | 'inspectDevice' | 'search' | 'securePath' | 'showResult' | 'markPasswordUsed' | 'rooms'
    >
  > {
  readonly client: DeviceClient;
}

/**
 * Takes the configured password lists over, and opens the way to the devices.
 *
 * @throws PosternError `config-invalid`, `password-list-malformed`, and those of storage
 */
export const openDevices = async (options: OpenDevicesOptions): Promise<OpenedDevices> => {
  const { config, node, revocations, stores, notifyStartAt, clock, entropy, logger } = options;
  await adoptLists(config, {
    store: stores.passwordLists,
    name: node.identity.name,
    readFile: (path) => unlessMissing(readFile(path)),
    logger,
  });
  const linkOf = (deviceId: string) => deviceLink(config, deviceId);
  const clientFor = (known: Pick<DeviceStore, 'get'>) =>
    deviceClient({ devices: known, linkOf, node, revocations, clock });
  const client = clientFor(stores.devices);
  const rooms = deviceRooms(entropy);
  const erasureSecret = await openErasureSecret(config.dataDir, entropy);
  const { devices } = stores;
  return {
    client,
    callDevice: passThrough(client),
    inspectDevice: inspectDevice(clientFor),
    search: {
      findOnNetwork: dnsSd({ config: config.search.dnsSd, most: config.mostCandidates, clock, logger }),
      probeAddress: probeAddress(node, revocations),
    },
    securePath: soapSecurePath({
      client,
      devices,
      linkOf,
      ...rooms,
      erasureSecret,
      notifyStartAt,
      clock,
      entropy,
    }),
    showResult: showResult(client),
    markPasswordUsed: (deviceId, request, signal) =>
      client.callPlain(deviceId, 'MarkPasswordUsed', request, signal),
    rooms,
  };
};
