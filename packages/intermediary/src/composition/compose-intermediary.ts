import { createClosers, randomId } from '@postern/core';
import { sitePolicy } from '../config.ts';
import type { DeferredResponses } from '../domain/below/deferred-responses.ts';
import type { DeviceWords } from '../domain/below/device-words.ts';
import type { ForwardedDeliveries } from '../domain/below/forwarded-deliveries.ts';
import { OwnPlacements } from '../domain/cascade/own-placements.ts';
import { toldDevices } from '../domain/cascade/told-devices.ts';
import { Contacts } from '../domain/connections/contacts.ts';
import { listConnections } from '../domain/connections/list-connections.ts';
import { observed } from '../domain/connections/observed.ts';
import { callsToActive } from '../domain/connections/only-to-active.ts';
import { requireActive } from '../domain/connections/standing.ts';
import { checkVersions } from '../domain/local/check-versions.ts';
import { LiveUpdates } from '../domain/local/live-updates.ts';
import { SiteOperations } from '../domain/local/site-operations.ts';
import { Notices } from '../domain/notices.ts';
import { requirePasswords } from '../domain/password-lists/listed-passwords.ts';
import { askLocally } from '../domain/requests/ask-locally.ts';
import { Inbox } from '../domain/requests/inbox.ts';
import { registerConfigured } from '../domain/schemes/configured-devices.ts';
import { deviceLink } from '../domain/schemes/device-links.ts';
import { orderShelf } from '../domain/shelf/order-shelf.ts';
import { assuranceMemory } from '../domain/updates/assurance-memory.ts';
import { DevicePasswords } from '../domain/updates/device-passwords.ts';
import { deviceRooms } from '../domain/updates/device-rooms.ts';
import { localOrders } from '../domain/updates/local-order.ts';
import type { UpdateScheduler } from '../domain/updates/scheduler.ts';
import { toldUpdates } from '../domain/updates/told-updates.ts';
import { Outgoing } from '../domain/uplink/outgoing.ts';
import { runUplink } from '../domain/uplink/uplink-loop.ts';
import { siteTrust } from '../domain/vendor-trust.ts';
import { type Below, composeBelow } from './compose-below.ts';
import { type Cascade, composeCascade, composePassing, heldForChildren } from './compose-cascade.ts';
import { composeConnections } from './compose-connections.ts';
import { composeRequests } from './compose-requests.ts';
import { composeSchedule } from './compose-schedule.ts';
import { composeScheduler } from './compose-scheduler.ts';
import { composeSettings, type OwnSettings } from './compose-settings.ts';
import { composeSoftware } from './compose-software.ts';
import type { IntermediaryParts } from './parts.ts';

export type * from './parts.ts';

/** An intermediary's rules at work, wired to their ports. */
export interface IntermediaryDomain {
  /** What devices say on their own accord. */
  readonly notices: Notices;
  /** What they say about one-time passwords. */
  readonly passwords: DevicePasswords;
  /** Their calls, and what they notify of. */
  readonly words: DeviceWords;
  /** What intermediaries below pass on. */
  readonly forwarded: ForwardedDeliveries;
  /** Later answers on their way down. */
  readonly deferred: DeferredResponses;
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
  /** What intermediaries below meet. */
  readonly cascade: Cascade;
  /** Stops everything where it is; the next process goes on from there. Idempotent. */
  close(): Promise<void>;
}

/**
 * The intermediary without its adapters: main.ts gives it sockets and files, a simulation what it likes. What an
 * earlier process left in the stores goes on at once.
 *
 * @spec X6
 */
export const composeIntermediary = (given: IntermediaryParts): IntermediaryDomain => {
  const parts = { ...given, stores: tellingStores(given) };
  const { config, name, stores, clock, entropy, logger } = parts;
  const contacts = new Contacts(clock);
  const ways = observed(parts.outside, contacts);
  const outside = { ...ways, callDevice: callsToActive(ways.callDevice, parts.stores) };
  const { requests, updates, devices, history } = stores;
  const ending = createClosers();
  const policy = sitePolicy(config);
  const own = composeSettings(parts);
  const trust = siteTrust(parts.vendorTrust, stores.rotations);
  const servesOthers = config.below !== undefined;
  const outgoing = new Outgoing(requests, toldDevices({ ...stores, servesOthers }), clock);
  ending.add(() => outgoing.stop());
  const held = heldForChildren(parts);
  const passing = composePassing(parts, outgoing, ending, (child) => held.end(child));

  const software = composeSoftware(parts, trust, outgoing, ending, () => scheduler.neededImages());
  const live = new LiveUpdates();
  const below = composeBelow(parts, outgoing, ending, (deliveryId) => scheduler.acknowledged(deliveryId));
  const { deliveries, words, forwarded, deferred, onRegistered } = below;
  const linkOf = (deviceId: string) => deviceLink(config, deviceId);
  const admitAssurance = assuranceMemory({ devices, linkOf });
  const scheduler = composeScheduler(
    { ...parts, outside },
    software.images,
    admitAssurance,
    { outgoing, deliveries, live },
    ending,
  );
  const deviceRequests = composeRequests({ ...parts, outside }, own, outgoing, ending, (requestId, body) =>
    inbox.answer(requestId, body),
  );

  registerConfigured(config, devices, clock.now());
  const orderContext = () => ({
    updaterId: name,
    vendorTrust: trust.current(),
    policy: own.policy(),
    linkOf,
    requirePasswords: (deviceId: string) => requirePasswords(stores.passwordLists, deviceId),
  });
  const orderLocally = localOrders({
    devices,
    updates,
    shelf: orderShelf(software.shelf, trust),
    requireActive: (deviceId) => requireActive(stores, deviceId),
    context: orderContext,
    deadline: config.localOrders.deadline,
    schedule: (update) => scheduler.add(update),
    clock,
    entropy,
  });
  const schedule = composeSchedule(
    parts,
    {
      ...{ deviceRequests, deliveries, outgoing },
      checkVersions: () =>
        checkVersions({ devices, shelf: software.shelf, updates, history, orderLocally, logger }),
    },
    ending,
  );

  const { mostOpenRequests, mostUpdatesPerDevice, unprovedStarts: unprovedLimit } = config;
  const { adoption, search, connections, begin } = composeConnections(
    { ...parts, outside },
    {
      ...{ contacts, scheduler, outgoing, linkOf, exchangeTimeout: policy.exchangeTimeout },
      onAnswer: (requestId, body) => inbox.answer(requestId, body),
    },
    ending,
  );
  const wired = {
    ...{ requests, updates, devices, adoption, scheduler, deviceRequests, outgoing, passing },
    ...{ clock, logger, name },
  };
  const waitingAbove = (): number => requests.waiting().length + stores.deliveries.count();
  const site = {
    ...{ ...software, shelfStore: stores.shelf, trust, schedule, connections, devices, name, clock },
    ...{ settings: own.settings, startedAt: own.startedAt, log: own.log },
    onSettings: () => outgoing.wake(),
    counters: () => ({
      ...own.tally.counts(),
      'requests-open': requests.countOpen(),
      'updates-open': scheduler.openCount,
      'waiting-above': waitingAbove(),
    }),
  };
  const inbox = new Inbox({
    ...wired,
    trust,
    orderContext,
    site,
    mostOpenRequests,
    mostRequestBytes: config.requests.mostBytes,
    mostUpdatesPerDevice,
  });
  const { images } = software;
  const cascade = composeCascade(parts, { outgoing, passing, held, deferred, scheduler, images }, ending);
  const placed = new OwnPlacements({ ...stores, ...wired, trust: parts.placementTrust });
  inbox.recover();
  below.recover();
  if (outside.uplink === undefined) deliveries.settleAll();
  scheduler.recover((jobId) => requests.response(jobId) !== undefined || stores.deliveries.has(jobId));
  return {
    notices: new Notices({ ...wired, placed, unprovedLimit, linkOf, onRegistered }),
    words,
    forwarded,
    deferred,
    cascade,
    passwords: new DevicePasswords({
      ...wired,
      ...(outside.rooms ?? deviceRooms(entropy)),
      orderLocally,
      admitAssurance,
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
      search,
      connections: () => listConnections({ ...stores, contacts }),
      waitingAbove,
      ask: askLocally({ site, deviceRequests, adoption, requests, clock, entropy }),
      uplink: config.uplink?.url,
    }),
    begin: () => {
      schedule.start();
      begin();
      return callOut(parts, own, { outgoing, below, cascade, inbox });
    },
    close: () => ending.close(),
  };
};

const callOut = (
  { config, name, outside, onStep, clock, entropy, logger }: IntermediaryParts,
  { polling, tally }: OwnSettings,
  {
    outgoing,
    below: { deliveries, deferred },
    cascade,
    inbox,
  }: {
    readonly outgoing: Outgoing;
    readonly below: Below;
    readonly cascade: Cascade;
    readonly inbox: Inbox;
  },
): ReturnType<IntermediaryDomain['begin']> => {
  if (config.uplink === undefined || outside.uplink === undefined) {
    return { stop: () => {}, stopped: Promise.resolve() };
  }
  const calling = new AbortController();
  const stopped = runUplink(
    {
      ...tally.counting(outside.uplink),
      outgoing,
      deliveries,
      onAnswer: (answer) => {
        inbox.take(answer);
        cascade.exchange.refusedAbove(answer.refusedDevices?.device ?? []);
        deferred.take(answer.deferredResponses?.deferredResponse ?? []);
      },
      capacity: () => inbox.capacity,
      sessionId: randomId(entropy),
      polling,
      exchangeTimeout: config.uplink.exchangeTimeout,
      pacing: config.uplink,
      name,
      onStep,
      clock,
      entropy,
      logger,
    },
    calling.signal,
  );
  return { stop: () => calling.abort(), stopped };
};

/** Whoever is told of steps is told of those of updates, too. */
const tellingStores = ({ stores, name, onStep }: IntermediaryParts): IntermediaryParts['stores'] =>
  onStep === undefined ? stores : { ...stores, updates: toldUpdates(stores.updates, name, onStep) };
