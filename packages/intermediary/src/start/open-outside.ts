import { bulkPaths } from '@postern/bulk-transfer';
import { Milliseconds, Seconds } from '@postern/core';
import { openDevices } from '../adapters/device/open-devices.ts';
import { openImageDownload, openUplink } from '../adapters/uplink.ts';
import type {
  IntermediaryOutside,
  IntermediaryStores,
  UplinkOutside,
} from '../composition/compose-intermediary.ts';
import type { DeviceEndpoint } from '../domain/devices.ts';
import type { Site } from './site.ts';

/** As long as a poll can be set to be held. */
const LONGEST_HOLD = Seconds(110);

/** The node above, and the devices. */
export const openOutside = async (site: Site, stores: IntermediaryStores): Promise<IntermediaryOutside> => {
  const { config, node, revocations, clock, entropy, logger } = site;
  const notifyStartAt = () => advertised(site);
  const { client: _, ...devices } = await openDevices({
    config,
    node,
    revocations,
    stores,
    notifyStartAt,
    clock,
    entropy,
    logger,
  });
  const uplink = openAbove(site);
  return {
    ...devices,
    bulkPath: bulkPaths({ clock, logger }),
    ...(uplink === undefined ? {} : { uplink }),
  };
};

/** The node above, unless the site works alone. */
const openAbove = (site: Site): UplinkOutside | undefined => {
  const { config, node, revocations, clock, ending, uplinkWorks } = site;
  if (config.uplink === undefined) {
    uplinkWorks.settle();
    return undefined;
  }
  const { url, serverName, role, hold, exchangeTimeout } = config.uplink;
  // The loop gives up earlier: how long a poll is held may be set while it runs.
  const longestExchange = Milliseconds(Math.max(hold, LONGEST_HOLD) + exchangeTimeout);
  const server = openUplink({ url, serverName, role, node, revocations, clock, longestExchange });
  ending.add(() => server.close());
  const images = openImageDownload({ url, serverName, role, node, revocations });
  ending.add(() => images.close());
  const poll: UplinkOutside['poll'] = async (request, signal) => {
    const answer = await server.poll(request, signal);
    uplinkWorks.settle();
    return answer;
  };
  return { poll, deliver: server.deliver, download: images.download };
};

const advertised = async ({ config, listening }: Site): Promise<DeviceEndpoint | undefined> => {
  if (config.notice.advertised === undefined) return undefined;
  const { host, port = await listening.value } = config.notice.advertised;
  return port === undefined ? undefined : { host, port };
};
