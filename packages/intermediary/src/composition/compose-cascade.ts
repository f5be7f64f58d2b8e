import type { Closers } from '@postern/core';
import { HeldPolls } from '@postern/soap-rpc';
import type { DeferredResponses } from '../domain/below/deferred-responses.ts';
import { CascadeExchange } from '../domain/cascade/cascade-exchange.ts';
import { ChildAdmission } from '../domain/cascade/child-admission.ts';
import { ImagesBelow } from '../domain/cascade/images-below.ts';
import { PassingRequests } from '../domain/cascade/passing-requests.ts';
import { standingOf } from '../domain/connections/standing.ts';
import type { SiteImages } from '../domain/images/site-images.ts';
import type { UpdateScheduler } from '../domain/updates/scheduler.ts';
import type { Outgoing } from '../domain/uplink/outgoing.ts';
import type { IntermediaryParts } from './parts.ts';

/** What intermediaries below meet. */
export interface Cascade {
  readonly admission: ChildAdmission;
  readonly exchange: CascadeExchange;
  readonly images: ImagesBelow;
  readonly held: HeldPolls;
  /** Whether a device is told of by this intermediary below, and not gone. */
  readonly hasDevice: (child: string, deviceId: string) => boolean;
}

/** Without `below` in the configuration nobody calls, and a route leads nowhere. */
const NOBODY = { mostRequests: 0, mostBytes: 0, mostChildren: 0, mostDevices: 0, names: [] as string[] };

/** Requests for those below, which are there before anything else can come down. */
export const composePassing = (
  { config, name, stores, clock, logger }: IntermediaryParts,
  outgoing: Outgoing,
  ending: Closers,
  onWaiting: (child: string) => void,
): PassingRequests => {
  const { mostRequests, mostBytes } = config.below ?? NOBODY;
  const passing = new PassingRequests({
    name,
    store: stores.passing,
    ...{ requests: stores.requests, below: stores.below, placements: stores.placements, outgoing },
    isOwn: (deviceId) => stores.devices.get(deviceId) !== undefined,
    isFound: (deviceId) => standingOf(stores, deviceId) === 'found',
    delayNoticeAfter: () => config.requests.delayNoticeAfter,
    ...{ mostRequests, mostBytes, onWaiting, clock, logger },
  });
  ending.add(() => passing.close());
  return passing;
};

/** @spec T2 */
export const composeCascade = (
  { config, name, stores, placementTrust: trust, clock, logger }: IntermediaryParts,
  parts: {
    readonly outgoing: Outgoing;
    readonly passing: PassingRequests;
    readonly held: HeldPolls;
    readonly deferred: DeferredResponses;
    readonly scheduler: UpdateScheduler;
    readonly images: SiteImages;
  },
  ending: Closers,
): Cascade => {
  const { outgoing, passing, held, deferred, scheduler, images: siteImages } = parts;
  const { below, placements, devices, requests, updates } = stores;
  const { mostDevices, names, mostChildren } = config.below ?? NOBODY;
  const exchange = new CascadeExchange({
    ...{ name, below, placements, devices, requests, passing, deferred, outgoing },
    ...{ mostDevices, trust, clock, logger },
    onMovedAway: (deviceId) => {
      const ended = scheduler.ofDevice(deviceId).filter(({ job }) => scheduler.isCancellable(job.jobId));
      for (const { job } of ended) updates.markCancelled(job.jobId);
      return () => {
        for (const { job } of ended) scheduler.cancel(job.jobId);
      };
    },
  });
  deferred.onWaiting((child) => {
    exchange.deferredChanged(child);
    held.end(child);
  });
  const images = new ImagesBelow({
    passing: stores.passing,
    images: siteImages,
    files: stores.images,
    clock,
    logger,
  });
  ending.add(() => images.close());
  const onNew = (): void => outgoing.devicesChanged();
  return {
    admission: new ChildAdmission({ name, below, names, mostChildren, onNew, clock, logger }),
    exchange,
    images,
    held,
    hasDevice: (child, deviceId) => {
      const device = below.device(deviceId);
      if (device !== undefined && !device.gone) return device.route[0] === child;
      return deviceId === child || below.node(deviceId)?.route[0] === child;
    },
  };
};

/** Polls of those below that are held. */
export const heldForChildren = ({ config, clock }: IntermediaryParts): HeldPolls =>
  new HeldPolls(clock, config.below?.mostChildren ?? 0);
