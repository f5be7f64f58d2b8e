import type { Closers } from '@postern/core';
import { onlyToActive } from '../domain/connections/only-to-active.ts';
import type { SiteImages } from '../domain/images/site-images.ts';
import type { LiveUpdates } from '../domain/local/live-updates.ts';
import { listedPasswords } from '../domain/password-lists/listed-passwords.ts';
import { learnVersions } from '../domain/schemes/configured-devices.ts';
import { type AdmitAssurance, heldToAssurance } from '../domain/updates/assurance-memory.ts';
import { followMoves } from '../domain/updates/follow-moves.ts';
import { UpdateScheduler } from '../domain/updates/scheduler.ts';
import type { Deliveries } from '../domain/uplink/deliveries.ts';
import type { Outgoing } from '../domain/uplink/outgoing.ts';
import type { IntermediaryParts } from './parts.ts';

/** Who is told what of an update there is to tell. */
export interface Telling {
  readonly outgoing: Outgoing;
  readonly deliveries: Deliveries;
  readonly live: LiveUpdates;
}

/** What runs the site's updates, wired to everything that an update reaches. */
export const composeScheduler = (
  { config, stores, outside, gate, clock, entropy, logger }: IntermediaryParts,
  images: SiteImages,
  admitAssurance: AdmitAssurance,
  { outgoing, deliveries, live }: Telling,
  ending: Closers,
): UpdateScheduler => {
  const { securePath, bulkPath, uplink, markPasswordUsed } = outside;
  const lists =
    markPasswordUsed &&
    listedPasswords({
      store: stores.passwordLists,
      devices: stores.devices,
      markPasswordUsed,
      onRemark: (jobId, text) => scheduler.remark(jobId, text),
      clock,
      entropy,
      logger,
    });
  const scheduler = new UpdateScheduler({
    store: stores.updates,
    concurrency: config.concurrency,
    ...(gate === undefined ? {} : { gate }),
    clock,
    logger,
    portsFor: (update, onProgress) => ({
      entropy,
      logger,
      securePath: onlyToActive(heldToAssurance(securePath, admitAssurance), stores),
      images: images.sourceFor(onProgress),
      bulkPath: followMoves(bulkPath, update),
      ...(lists === undefined ? {} : { listedPasswords: lists }),
    }),
    onNews: (jobId, news) => {
      outgoing.notices.tell(jobId, news);
      live.tell(jobId, news);
    },
    onDecided: (jobId) => {
      if (!stores.deliveries.has(jobId)) {
        outgoing.answered(jobId);
        return;
      }
      if (uplink === undefined) deliveries.settleAll();
      else deliveries.limit();
      outgoing.wake();
    },
    onVersions: (deviceId, versions) => {
      if (learnVersions(config, stores.devices, deviceId, versions, clock.now())) outgoing.devicesChanged();
    },
    onForgotten: stores.forget,
  });
  ending.add(() => scheduler.close());
  return scheduler;
};
