import { noticeListener, secureListener } from '../adapters/listeners.ts';
import type { IntermediaryDomain } from '../composition/compose-intermediary.ts';
import { hasUnprovedDevices } from '../domain/schemes/device-links.ts';
import type { OwnSoftware } from '../own-software/own-software.ts';
import type { Site } from './site.ts';

/** Where devices call. */
export interface DevicePorts {
  /** Over mutual TLS. */
  readonly securePort: number;
  /** Start notifications without TLS. */
  readonly noticePort: number;
}

/** For devices, and for nodes that speak of them. */
export const listenForDevices = async (
  { config, node, revocations, clock, logger, ending, listening }: Site,
  { notices, passwords, words }: IntermediaryDomain,
  own: OwnSoftware | undefined,
): Promise<DevicePorts> => {
  const admitsUnproved = hasUnprovedDevices(config);
  const parts = { node, revocations, notices, passwords, words, admitsUnproved, clock, logger };
  const secure = await secureListener({ ...config.secure, ...parts, ownDevice: own?.service });
  ending.add(() => secure.close());
  const notice = await noticeListener({ ...config.notice, notices, clock, logger });
  ending.add(() => notice.close());
  listening.settle(notice.port);
  return { securePort: secure.port, noticePort: notice.port };
};

/** For intermediaries below, where there may be any. */
export const listenBelow = async (
  { config, node, revocations, clock, logger, ending }: Site,
  domain: IntermediaryDomain,
): Promise<number | undefined> => {
  if (config.below === undefined) return undefined;
  const { belowListener } = await import('../adapters/cascade/below-listener.ts');
  const listener = await belowListener({ config: config.below, domain, node, revocations, clock, logger });
  ending.add(() => listener.close());
  return listener.port;
};
