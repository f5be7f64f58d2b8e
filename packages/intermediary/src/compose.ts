import { type Clock, type Closers, createClosers, type Entropy, type Logger, randomId } from '@postern/core';
import type { BulkPath, SecurePath, VendorTrust } from '@postern/software-update';
import { type IntermediaryConfig, sitePolicy } from './config.ts';
import type { DeviceStore } from './domain/devices.ts';
import type { DownloadImage, ImageFiles } from './domain/images/ports.ts';
import { siteImages } from './domain/images/site-images.ts';
import { Notices } from './domain/notices.ts';
import { type DeviceCall, DeviceRequests } from './domain/requests/device-requests.ts';
import { Inbox } from './domain/requests/inbox.ts';
import type { RequestStore } from './domain/requests/ports.ts';
import { followMoves } from './domain/updates/follow-moves.ts';
import type { UpdateStore } from './domain/updates/ports.ts';
import { UpdateScheduler } from './domain/updates/scheduler.ts';
import { Outgoing } from './domain/uplink/outgoing.ts';
import { type PollExchange, runUplink } from './domain/uplink/uplink-loop.ts';

/** What an intermediary keeps. All but the images are synchronous and durable on return. */
export interface IntermediaryStores {
  readonly requests: RequestStore;
  readonly updates: UpdateStore;
  readonly devices: DeviceStore;
  readonly images: ImageFiles;
  /** A credential is to leave the files. */
  readonly forget: () => void;
}

/** Everything an intermediary reaches outside of its process. */
export interface IntermediaryOutside {
  readonly poll: PollExchange;
  readonly download: DownloadImage;
  readonly callDevice: DeviceCall;
  readonly securePath: SecurePath;
  readonly bulkPath: BulkPath;
}

export interface IntermediaryParts {
  readonly config: IntermediaryConfig;
  /** This intermediary's name. */
  readonly name: string;
  readonly stores: IntermediaryStores;
  readonly vendorTrust: VendorTrust;
  readonly outside: IntermediaryOutside;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
}

/** An intermediary's rules at work, wired to their ports. */
export interface IntermediaryDomain {
  /** What devices say on their own accord. */
  readonly notices: Notices;
  readonly scheduler: UpdateScheduler;
  readonly inbox: Inbox;
  readonly outgoing: Outgoing;
  /**
   * Begins to call out to the node above.
   *
   * @returns ends the calls; what was not delivered goes up with the next start
   */
  callOut(): { readonly stop: () => void; readonly stopped: Promise<void> };
  /** Stops everything where it is; the next process goes on from there. Idempotent. */
  close(): Promise<void>;
}

/**
 * The intermediary without its adapters: main.ts gives it sockets and files, a simulation what it likes. What an
 * earlier process left in the stores goes on at once.
 *
 * @spec X6
 */
export const composeIntermediary = (parts: IntermediaryParts): IntermediaryDomain => {
  const { config, name, stores, outside, clock, entropy, logger, vendorTrust } = parts;
  const { requests, updates, devices } = stores;
  const ending = createClosers();
  const policy = sitePolicy(config);
  const outgoing = new Outgoing(requests, devices, clock);
  ending.add(() => outgoing.stop());

  const scheduler = composeScheduler(parts, outgoing, ending);
  const deviceRequests = new DeviceRequests({
    call: outside.callDevice,
    onAnswer: (requestId, body) => inbox.answer(requestId, body),
    clock,
    logger,
    exchangeTimeout: policy.exchangeTimeout,
    concurrency: config.concurrency,
  });
  ending.add(() => deviceRequests.close());

  const { mostOpenRequests, mostUpdatesPerDevice, unprovedStarts: unprovedLimit } = config;
  const wired = { requests, updates, devices, scheduler, deviceRequests, outgoing, clock, logger, name };
  const inbox = new Inbox({ ...wired, vendorTrust, policy, mostOpenRequests, mostUpdatesPerDevice });
  inbox.recover();
  scheduler.recover((jobId) => requests.response(jobId) !== undefined);
  return {
    notices: new Notices({ devices, scheduler, outgoing, clock, logger, name, unprovedLimit }),
    scheduler,
    inbox,
    outgoing,
    callOut: () => callOut({ config, outside, outgoing, inbox, clock, entropy, logger }),
    close: () => ending.close(),
  };
};

const composeScheduler = (
  { config, stores, outside, clock, entropy, logger }: IntermediaryParts,
  outgoing: Outgoing,
  ending: Closers,
): UpdateScheduler => {
  const { securePath, bulkPath, download } = outside;
  const needed = (): ReadonlySet<string> => scheduler.neededImages();
  const images = siteImages({ store: stores.images, download, clock, needed });
  const scheduler = new UpdateScheduler({
    store: stores.updates,
    concurrency: config.concurrency,
    clock,
    logger,
    portsFor: (update, onProgress) => ({
      entropy,
      logger,
      securePath,
      images: images.sourceFor(onProgress),
      bulkPath: followMoves(bulkPath, update),
    }),
    onNews: (jobId, news) => outgoing.notices.tell(jobId, news),
    onDecided: (jobId) => outgoing.answered(jobId),
    onForgotten: stores.forget,
  });
  ending.add(() => scheduler.close());
  return scheduler;
};

const callOut = ({
  config: { uplink },
  outside,
  outgoing,
  inbox,
  clock,
  entropy,
  logger,
}: Pick<IntermediaryParts, 'config' | 'outside' | 'clock' | 'entropy' | 'logger'> & {
  readonly outgoing: Outgoing;
  readonly inbox: Inbox;
}): ReturnType<IntermediaryDomain['callOut']> => {
  const calling = new AbortController();
  const stopped = runUplink(
    {
      poll: outside.poll,
      outgoing,
      onAnswer: (answer) => inbox.take(answer),
      capacity: () => inbox.capacity,
      sessionId: randomId(entropy),
      hold: uplink.hold,
      exchangeTimeout: uplink.exchangeTimeout,
      pacing: uplink,
      clock,
      entropy,
      logger,
    },
    calling.signal,
  );
  return { stop: () => calling.abort(), stopped };
};
