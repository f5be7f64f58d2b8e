import type { StepEvent, uplink } from '@postern/contracts';
import { type Duration, LogRing, Milliseconds, Seconds, silentLogger } from '@postern/core';
import { seededEntropy, type VirtualClock } from '@postern/core/testing';
import { DEFAULT_POLICY } from '@postern/software-update';
import { settingStore } from '../../src/adapters/database/setting-store.ts';
import type { InspectDevice } from '../../src/domain/connections/inspect.ts';
import type { AskingLimits, DeviceCall } from '../../src/domain/requests/ask-device.ts';
import { askLocally } from '../../src/domain/requests/ask-locally.ts';
import { DeviceRequests } from '../../src/domain/requests/device-requests.ts';
import { Inbox } from '../../src/domain/requests/inbox.ts';
import { deviceLink } from '../../src/domain/schemes/device-links.ts';
import { SiteSettings } from '../../src/domain/settings/site-settings.ts';
import { Slots } from '../../src/domain/slots.ts';
import { afterThisTest } from './directory.ts';
import { startProcess, UPDATER } from './process.ts';
import { ScriptedDevice } from './scripted-device.ts';
import { siteConnections } from './site-connections.ts';
import { siteSoftware } from './site-software.ts';
import { deviceInformation, START } from './software.ts';

export interface RequestingSiteOptions {
  readonly directory: string;
  readonly call: DeviceCall;
  readonly clock?: VirtualClock;
  readonly mostOpenRequests?: number;
  readonly mostRequestBytes?: number;
  /** Exchanges at a time. */
  readonly concurrency?: number;
  readonly limits?: Partial<AskingLimits>;
  readonly inspectDevice?: InspectDevice;
}

/** Patience with devices, where a test says nothing else. */
export const LIMITS: AskingLimits = {
  tries: 3,
  firstPause: Seconds(1),
  longestPause: Seconds(4),
  exchangeTimeout: Seconds(30),
};

/** A device that takes every call and never answers. */
export const never: DeviceCall = (_deviceId, _request, signal) =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });

/** An intermediary's inside as far as requests from above go: real stores, device calls as the test has them. */
export const requestingSite = async (options: RequestingSiteOptions) => {
  const { directory, call, mostOpenRequests = 100, mostRequestBytes = 1_000_000 } = options;
  const device = new ScriptedDevice('mfp-1');
  const clocked = options.clock === undefined ? {} : { clock: options.clock };
  const site = await startProcess({ directory, devices: { 'mfp-1': device }, ...clocked });
  const { database, requests, updates, registered, scheduler, outgoing, clock } = site;
  const software = await siteSoftware({ ...site, directory });
  const { inspectDevice = async (deviceId: string) => deviceInformation(deviceId) } = options;
  const { adoption, candidates, connections } = siteConnections(site, { mode: 'confirm', inspectDevice });
  const steps: StepEvent[] = [];
  const limits = { ...LIMITS, ...options.limits };
  const deviceRequests = new DeviceRequests({
    call,
    devices: registered,
    store: requests,
    slots: new Slots(options.concurrency ?? 1),
    limits: () => limits,
    delayNoticeAfter: () => Seconds(2),
    onAnswer: (requestId, body) => inbox.answer(requestId, body),
    onDelayed: (requestId) => outgoing.notices.open(requestId),
    name: UPDATER,
    onStep: (event) => steps.push(event),
    clock,
    entropy: seededEntropy('requests'),
    logger: silentLogger,
  });
  afterThisTest(() => deviceRequests.close());
  const settings = new SiteSettings(settingStore(database), {
    'polling.hold': 50,
    'polling.interval': 0,
    'requests.tries': 3,
    'requests.delay-notice-after': 2,
    'updates.transfer-tries': 3,
    'updates.restart-timeout': 600,
  });
  const log = new LogRing(3);
  const changes: string[] = [];
  const siteServices = {
    ...{
      ...software,
      connections,
      devices: registered,
      name: UPDATER,
      startedAt: START,
      settings,
      log,
      clock,
    },
    onSettings: () => changes.push('settings'),
    counters: () => ({ polls: 7, 'requests-open': requests.countOpen() }),
  };
  const inbox = new Inbox({
    requests,
    updates,
    devices: registered,
    adoption,
    scheduler,
    deviceRequests,
    outgoing,
    passing: { onward: () => undefined, holds: () => false, pass: () => () => {} },
    clock,
    logger: silentLogger,
    name: UPDATER,
    trust: software.trust,
    orderContext: () => ({
      updaterId: UPDATER,
      vendorTrust: software.trust.current(),
      policy: DEFAULT_POLICY,
      linkOf: (deviceId) => deviceLink({ scheme: {}, devices: {} }, deviceId),
      requirePasswords: () => {},
    }),
    site: siteServices,
    mostOpenRequests,
    mostRequestBytes,
    mostUpdatesPerDevice: 4,
  });
  const take = (...list: uplink.Request[]): void =>
    inbox.take({ nextPollSeconds: 0, requests: { request: list } });
  /** What goes up next; the answer to it acknowledges everything. */
  const exchange = () => {
    const cargo = outgoing.compose();
    const responses = cargo.responses?.response ?? [];
    const answer = { nextPollSeconds: 0, acknowledged: { id: responses.map(({ requestId }) => requestId) } };
    inbox.take(answer);
    outgoing.delivered(cargo, answer);
    const answers = responses.map(({ requestId, body }) => [
      requestId,
      body.kind === 'Failure' ? body.value.code : body.kind,
    ]);
    return {
      received: cargo.received?.id ?? [],
      delayed: (cargo.delayNotices?.delayNotice ?? []).map(({ requestId }) => requestId),
      answers: Object.fromEntries(answers) as Record<string, string>,
      responses,
    };
  };
  /** Lets promises settle. */
  const settle = (): Promise<void> => clock.advance(Milliseconds(0));
  const ask = askLocally({
    ...{ site: siteServices, deviceRequests, adoption, requests, clock },
    entropy: seededEntropy('local'),
  });
  return {
    ...site,
    ask,
    settings,
    changes,
    log,
    adoption,
    candidates,
    device,
    deviceRequests,
    inbox,
    steps,
    take,
    exchange,
    settle,
  };
};

/** A request of the server. */
export const request = (
  requestId: string,
  body: uplink.RequestBody = { kind: 'ConfirmAlive', value: {} },
  expiresIn: Duration = Seconds(60),
  target = 'mfp-1',
): uplink.Request => ({ requestId, target, expiresInSeconds: expiresIn / 1_000, body });
