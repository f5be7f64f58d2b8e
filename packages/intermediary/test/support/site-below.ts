import { join } from 'node:path';
import type { device, RemoteStepEvent, uplink } from '@postern/contracts';
import { createClosers, type Duration, Milliseconds, PosternError, Seconds, sleep } from '@postern/core';
import { memoryLogger, seededEntropy, VirtualClock } from '@postern/core/testing';
import { openDatabaseStores } from '../../src/adapters/database/stores.ts';
import { composeBelow } from '../../src/composition/compose-below.ts';
import type { IntermediaryParts } from '../../src/composition/parts.ts';
import { type IntermediaryConfigInput, parseConfig } from '../../src/config.ts';
import { toldDevices } from '../../src/domain/cascade/told-devices.ts';
import { Outgoing } from '../../src/domain/uplink/outgoing.ts';
import { runUplink } from '../../src/domain/uplink/uplink-loop.ts';
import { afterThisTest } from './directory.ts';
import { deviceInformation, START } from './software.ts';

/** The node above as a test scripts it: it outlives the processes of the site. */
export class NodeAbove {
  /** What it does with a delivery. `silent`: nothing, for ever. */
  answer: (delivery: uplink.Deliver) => device.Outcome | 'silent' | 'down' | { readonly refused: string } =
    () => 'succeeded';
  /** Polls fail, too. */
  down = false;
  readonly delivered: uplink.Deliver[] = [];
  readonly received: string[] = [];
  deferred: uplink.DeferredResponse[] = [];
}

/** A panel as a test scripts it. */
export class Panel {
  readonly shown: (device.ShowResult & { readonly deviceId: string })[] = [];
  fails: string | undefined;
}

export interface SiteBelowOptions {
  readonly directory: string;
  readonly clock?: VirtualClock;
  readonly above?: NodeAbove;
  readonly panel?: Panel;
  readonly config?: Partial<IntermediaryConfigInput>;
  /** Names of registered devices. */
  readonly devices?: readonly string[];
}

const NAME = 'site-a';
const STEPS = 40;

/**
 * One life of the part of an intermediary that hears devices, on a real database, with the uplink loop and scripted
 * neighbours. A second one on the same directory is a restart.
 */
export const startBelow = async (options: SiteBelowOptions) => {
  const {
    directory,
    clock = new VirtualClock(START),
    above = new NodeAbove(),
    panel = new Panel(),
  } = options;
  const logger = memoryLogger();
  const database = await openDatabaseStores(join(directory, 'below.db'), { clock, logger });
  const steps: string[] = [];
  const ending = createClosers();
  const config = parseConfig({
    dataDir: directory,
    identityDir: directory,
    secure: { port: 0 },
    notice: { port: 0 },
    vendorKeyFiles: ['none'],
    ...options.config,
  });
  const showResult = async (deviceId: string, result: device.ShowResult): Promise<void> => {
    if (panel.fails !== undefined) throw new PosternError(panel.fails, 'Not now');
    panel.shown.push({ deviceId, ...result });
  };
  const outgoing = new Outgoing(
    database.stores.requests,
    toldDevices({ ...database.stores, servesOthers: false }),
    clock,
  );
  const parts = {
    config,
    name: NAME,
    stores: database.stores,
    outside: { showResult, uplink: {} },
    clock,
    entropy: seededEntropy(`${directory} ${clock.now()}`),
    logger,
    onStep: ({ step, subject }: RemoteStepEvent) => steps.push(`${step} ${subject}`),
  } as unknown as IntermediaryParts;
  const below = composeBelow(parts, outgoing, ending, () => {});
  for (const name of options.devices ?? ['mfp-1', 'mfp-2']) {
    database.stores.devices.register(deviceInformation(name), '192.0.2.1', START);
  }
  below.recover();

  const calling = new AbortController();
  const stopped = runUplink(
    {
      name: NAME,
      poll: async (poll, signal) => {
        if (above.down) throw new PosternError('unreachable', 'No server');
        above.received.push(...(poll.received?.id ?? []));
        above.deferred = above.deferred.filter(({ deliveryId }) => !above.received.includes(deliveryId));
        if (poll.holdSeconds > 0) await sleep(clock, Seconds(1), signal);
        return {
          nextPollSeconds: 0,
          devicesRevision: database.stores.devices.revision(),
          deferredResponses: { deferredResponse: above.deferred },
        };
      },
      deliver: async (delivery, signal) => {
        const answer = above.down ? 'down' : above.answer(delivery);
        if (answer === 'down') throw new PosternError('unreachable', 'No server');
        above.delivered.push(delivery);
        if (answer === 'silent') return sleep(clock, Seconds(86_400), signal).then(() => never());
        if (typeof answer === 'object') throw new PosternError(answer.refused, 'Refused');
        return { inReplyTo: delivery.deliveryId, outcome: answer, text: `${answer} from above` };
      },
      outgoing,
      deliveries: below.deliveries,
      onAnswer: ({ deferredResponses }) => below.deferred.take(deferredResponses?.deferredResponse ?? []),
      capacity: () => 100,
      sessionId: 'session-1',
      polling: () => ({ hold: Seconds(50), interval: Seconds(0) }),
      exchangeTimeout: Seconds(30),
      pacing: { firstPause: Seconds(1), longestPause: Seconds(60) },
      clock,
      entropy: seededEntropy(1),
      logger,
    },
    calling.signal,
  );
  let alive = true;
  /** Ends this life; nothing is finished, as after `kill -9`. */
  const kill = async (): Promise<void> => {
    if (!alive) return;
    alive = false;
    calling.abort();
    await stopped;
    outgoing.stop();
    await ending.close();
    database.close();
  };
  afterThisTest(kill);

  const gone = new AbortController();
  const speaker = (name: string, signal: AbortSignal = gone.signal) => ({
    peer: { role: 'device', name } as const,
    signal,
  });
  const call = (callId: string, name = 'mfp-1', signal?: AbortSignal, reason = 'paper') =>
    below.words.call({ callId, at: START, reason }, speaker(name, signal));
  const supply = (noticeId: string, name = 'mfp-1', remainingPercent = 3) =>
    below.words.supply({ noticeId, at: START, supply: 'toner', remainingPercent }, speaker(name));
  const pass = async (duration: Duration): Promise<void> => {
    for (let step = 0; step < STEPS; step++) await clock.advance(Milliseconds(duration / STEPS));
  };
  return {
    above,
    panel,
    clock,
    logger,
    steps,
    below,
    stores: database.stores,
    outgoing,
    call,
    supply,
    pass,
    kill,
  };
};

const never = (): never => {
  throw new PosternError('unreachable', 'Silent');
};
