import type { Clock, Logger } from '@postern/core';
import { openAnnouncer } from './adapters/dns-sd/announcer.ts';
import type { DeviceFleetConfig } from './config.ts';
import type { Device } from './device.ts';
import type { DeviceEvent } from './device-ports.ts';

/** Announces the devices of a process as their power comes and goes. */
export interface FollowingAnnouncer {
  follow(device: Pick<Device, 'id' | 'model' | 'profile' | 'securePath'>, event: DeviceEvent): void;
  /** Says goodbye for all of them. */
  close(): Promise<void>;
}

/**
 * What announces the devices of a configuration; undefined where they keep to themselves. The updater program, which has
 * no secure path, is not announced.
 *
 * @spec I3
 */
export const announcerOf = (
  { announce, intermediary }: Pick<DeviceFleetConfig, 'announce' | 'intermediary'>,
  { clock, logger }: { readonly clock: Clock; readonly logger: Logger },
): FollowingAnnouncer | undefined => {
  if (announce?.dnsSd === undefined) return undefined;
  const announcer = openAnnouncer({ ...announce.dnsSd, clock, logger });
  return {
    follow: ({ id, model, profile, securePath }, event) => {
      if (event.type === 'started' && securePath !== undefined) {
        announcer.started({ id, model, profile, intermediary: intermediary.name, ...securePath });
      }
      if (event.type === 'stopped') announcer.stopped(id);
    },
    close: () => announcer.close(),
  };
};
