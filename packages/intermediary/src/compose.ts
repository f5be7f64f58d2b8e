import { type Clock, type Closers, createClosers, type Entropy, type Logger, randomId } from '@postern/core';
import type { BulkPath, SecurePath, VendorTrust } from '@postern/software-update';
import { type IntermediaryConfig, sitePolicy } from './config.ts';
import type { DeviceStore } from './domain/devices.ts';
import type { DownloadImage, ImageFiles } from './domain/images/ports.ts';
import { type SiteImages, siteImages } from './domain/images/site-images.ts';
import type { InspectDevice } from './domain/local/adopt-device.ts';
import { checkVersions } from './domain/local/check-versions.ts';
import { LiveUpdates } from './domain/local/live-updates.ts';
import type { UpdateHistory } from './domain/local/ports.ts';
import { Schedule, type ScheduleStore } from './domain/local/schedule.ts';
import { SiteOperations } from './domain/local/site-operations.ts';
import { Notices } from './domain/notices.ts';
import {
  listedPasswords,
  type MarkPasswordUsed,
  requirePasswords,
} from './domain/password-lists/listed-passwords.ts';
import type { PasswordListStore } from './domain/password-lists/ports.ts';
import { type DeviceCall, DeviceRequests } from './domain/requests/device-requests.ts';
import { Inbox } from './domain/requests/inbox.ts';
import type { RequestStore } from './domain/requests/ports.ts';
import { learnVersions, registerConfigured } from './domain/schemes/configured-devices.ts';
import { deviceLink } from './domain/schemes/device-links.ts';
import { FetchSoftware, noDownload } from './domain/shelf/fetch-software.ts';
import { orderShelf } from './domain/shelf/order-shelf.ts';
import type { ShelfStore } from './domain/shelf/ports.ts';
import { Shelf } from './domain/shelf/shelf.ts';
import { SoftwareIntake } from './domain/shelf/software-intake.ts';
import { assuranceMemory, heldToAssurance } from './domain/updates/assurance-memory.ts';
import { DevicePasswords } from './domain/updates/device-passwords.ts';
import { type DeviceRooms, deviceRooms } from './domain/updates/device-rooms.ts';
import { followMoves } from './domain/updates/follow-moves.ts';
import { localOrders } from './domain/updates/local-order.ts';
import type { UpdateStore } from './domain/updates/ports.ts';
import { UpdateScheduler } from './domain/updates/scheduler.ts';
import type { UpdateGate } from './domain/updates/update-gate.ts';
import { type DeliverExchange, Deliveries, type DeliveryStore } from './domain/uplink/deliveries.ts';
import { Outgoing } from './domain/uplink/outgoing.ts';
import { type PollExchange, runUplink } from './domain/uplink/uplink-loop.ts';
import { type RotationStore, type SiteTrust, siteTrust } from './domain/vendor-trust.ts';

/** What an intermediary keeps. All but the images are synchronous and durable on return. */
export interface IntermediaryStores {
  readonly requests: RequestStore;
  readonly deliveries: DeliveryStore;
  readonly updates: UpdateStore;
  readonly history: UpdateHistory;
  readonly devices: DeviceStore;
  readonly passwordLists: PasswordListStore;
  readonly shelf: ShelfStore;
  readonly rotations: RotationStore;
  readonly schedule: ScheduleStore;
  readonly images: ImageFiles;
  /** A credential is to leave the files. */
  readonly forget: () => void;
}

/** The node above. */
export interface UplinkOutside {
  readonly poll: PollExchange;
  readonly deliver: DeliverExchange;
  readonly download: DownloadImage;
}

/** Everything an intermediary reaches outside of its process. */
export interface IntermediaryOutside {
  /** Absent where the site works alone; goes with `uplink` of the configuration. */
  readonly uplink?: UplinkOutside;
  readonly callDevice: DeviceCall;
  readonly inspectDevice: InspectDevice;
  readonly securePath: SecurePath;
  /** Absent where no device has a password list. */
  readonly markPasswordUsed?: MarkPasswordUsed;
  /** Shared with the secure path; of its own where that needs none. */
  readonly rooms?: DeviceRooms;
  readonly bulkPath: BulkPath;
}

export interface IntermediaryParts {
  readonly config: IntermediaryConfig;
  /** This intermediary's name. */
  readonly name: string;
  readonly stores: IntermediaryStores;
  /** What the operator pinned; rotations are in the stores. */
  readonly vendorTrust: VendorTrust;
  readonly outside: IntermediaryOutside;
  /** What of the updates may begin or go on; everything unless given. */
  readonly gate?: UpdateGate;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}

/** An intermediary's rules at work, wired to their ports. */
export interface IntermediaryDomain {
  /** What devices say on their own accord. */
  readonly notices: Notices;
  /** What they say about one-time passwords. */
  readonly passwords: DevicePasswords;
  readonly scheduler: UpdateScheduler;
  readonly inbox: Inbox;
  readonly outgoing: Outgoing;
  /** What people at the site may do (I4). */
  readonly operations: SiteOperations;
  /**
   * Begins to call out to the node above, if there is one, and to do what is scheduled.
   *
   * @returns ends the calls; what was not delivered goes up with the next start
   */
  begin(): { readonly stop: () => void; readonly stopped: Promise<void> };
  /** Stops everything where it is; the next process goes on from there. Idempotent. */
  close(): Promise<void>;
}

/** Results and notices that wait for a server that stays away. */
const MOST_DELIVERIES = 1_000;

/**
 * The intermediary without its adapters: main.ts gives it sockets and files, a simulation what it likes. What an
 * earlier process left in the stores goes on at once.
 *
 * @spec X6
 */
export const composeIntermediary = (parts: IntermediaryParts): IntermediaryDomain => {
  const { config, name, stores, outside, clock, entropy, logger } = parts;
  const { requests, updates, devices, history } = stores;
  const ending = createClosers();
  const policy = sitePolicy(config);
  const trust = siteTrust(parts.vendorTrust, stores.rotations);
  const outgoing = new Outgoing(requests, devices, clock);
  ending.add(() => outgoing.stop());

  const software = composeSoftware(parts, trust, outgoing, ending, () => scheduler.neededImages());
  const live = new LiveUpdates();
  const deliveries = new Deliveries({
    store: stores.deliveries,
    name,
    most: MOST_DELIVERIES,
    logger,
    onSettled: (deliveryId) => scheduler.acknowledged(deliveryId),
  });
  const scheduler = composeScheduler(parts, software.images, { outgoing, deliveries, live }, ending);
  const deviceRequests = new DeviceRequests({
    call: outside.callDevice,
    onAnswer: (requestId, body) => inbox.answer(requestId, body),
    clock,
    logger,
    exchangeTimeout: policy.exchangeTimeout,
    concurrency: config.concurrency,
  });
  ending.add(() => deviceRequests.close());

  const linkOf = (deviceId: string) => deviceLink(config, deviceId);
  registerConfigured(config, devices, clock.now());
  const orderContext = () => ({
    updaterId: name,
    vendorTrust: trust.current(),
    policy,
    linkOf,
    requirePasswords: (deviceId: string) => requirePasswords(stores.passwordLists, deviceId),
  });
  const orderLocally = localOrders({
    devices,
    updates,
    shelf: orderShelf(software.shelf, trust),
    context: orderContext,
    deadline: config.localOrders.deadline,
    schedule: (update) => scheduler.add(update),
    clock,
    entropy,
  });
  const schedule = new Schedule({
    store: stores.schedule,
    configured: config.schedule,
    tasks: {
      'check-versions': () =>
        checkVersions({ devices, shelf: software.shelf, updates, history, orderLocally, logger }),
    },
    clock,
    logger,
  });
  ending.add(() => schedule.close());

  const { mostOpenRequests, mostUpdatesPerDevice, unprovedStarts: unprovedLimit } = config;
  const wired = { requests, updates, devices, scheduler, deviceRequests, outgoing, clock, logger, name };
  const site = { ...software, shelfStore: stores.shelf, trust, schedule, clock };
  const inbox = new Inbox({ ...wired, trust, orderContext, site, mostOpenRequests, mostUpdatesPerDevice });
  inbox.recover();
  if (outside.uplink === undefined) deliveries.settleAll();
  scheduler.recover((jobId) => requests.response(jobId) !== undefined || stores.deliveries.has(jobId));
  return {
    notices: new Notices({ devices, scheduler, outgoing, clock, logger, name, unprovedLimit, linkOf }),
    passwords: new DevicePasswords({
      ...wired,
      ...(outside.rooms ?? deviceRooms(entropy)),
      orderLocally,
      admitAssurance: assuranceMemory({ devices, linkOf }),
      panelLimit: config.localOrders.panel,
      entropy,
    }),
    scheduler,
    inbox,
    outgoing,
    operations: new SiteOperations({
      ...wired,
      ...software,
      history,
      live,
      trust,
      schedule,
      orderLocally,
      inspectDevice: outside.inspectDevice,
      waitingAbove: () => requests.waiting().length + stores.deliveries.count(),
      uplink: config.uplink?.url,
    }),
    begin: () => {
      schedule.start();
      return callOut(parts, { outgoing, deliveries, inbox });
    },
    close: () => ending.close(),
  };
};

interface Software {
  readonly images: SiteImages;
  readonly shelf: Shelf;
  readonly intake: SoftwareIntake;
  readonly fetchSoftware: FetchSoftware;
}

/** Images, and the software that the site may install on its own. */
const composeSoftware = (
  { config, stores, outside, clock, logger }: IntermediaryParts,
  trust: SiteTrust,
  outgoing: Outgoing,
  ending: Closers,
  neededByUpdates: () => ReadonlySet<string>,
): Software => {
  const shelf = new Shelf({ store: stores.shelf, ...config.shelf, clock, logger });
  const images = siteImages({
    store: stores.images,
    download: outside.uplink?.download ?? noDownload,
    clock,
    needed: () => new Set([...neededByUpdates(), ...shelf.pinned(), ...intake.pinned()]),
  });
  const intake = new SoftwareIntake({ shelf, images, trust, clock });
  const fetchSoftware = new FetchSoftware({
    shelf,
    store: stores.shelf,
    requests: stores.requests,
    images,
    onProgress: (requestId, progress) => outgoing.notices.tell(requestId, { progress }),
    onAnswered: (requestId) => outgoing.answered(requestId),
    clock,
    logger,
  });
  ending.add(() => fetchSoftware.close());
  return { images, shelf, intake, fetchSoftware };
};

interface Telling {
  readonly outgoing: Outgoing;
  readonly deliveries: Deliveries;
  readonly live: LiveUpdates;
}

const composeScheduler = (
  { config, stores, outside, gate, clock, entropy, logger }: IntermediaryParts,
  images: SiteImages,
  { outgoing, deliveries, live }: Telling,
  ending: Closers,
): UpdateScheduler => {
  const { securePath, bulkPath, uplink, markPasswordUsed } = outside;
  const linkOf = (deviceId: string) => deviceLink(config, deviceId);
  const admitAssurance = assuranceMemory({ devices: stores.devices, linkOf });
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
      securePath: heldToAssurance(securePath, admitAssurance),
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

const callOut = (
  { config, outside, clock, entropy, logger }: IntermediaryParts,
  { outgoing, deliveries, inbox }: Pick<Telling, 'outgoing' | 'deliveries'> & { readonly inbox: Inbox },
): ReturnType<IntermediaryDomain['begin']> => {
  if (config.uplink === undefined || outside.uplink === undefined) {
    return { stop: () => {}, stopped: Promise.resolve() };
  }
  const calling = new AbortController();
  const stopped = runUplink(
    {
      poll: outside.uplink.poll,
      deliver: outside.uplink.deliver,
      outgoing,
      deliveries,
      onAnswer: (answer) => inbox.take(answer),
      capacity: () => inbox.capacity,
      sessionId: randomId(entropy),
      hold: config.uplink.hold,
      exchangeTimeout: config.uplink.exchangeTimeout,
      pacing: config.uplink,
      clock,
      entropy,
      logger,
    },
    calling.signal,
  );
  return { stop: () => calling.abort(), stopped };
};
