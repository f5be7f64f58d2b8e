import { join } from 'node:path';
import type { Duration } from '@postern/core';
import { after, Milliseconds, Minutes, Seconds, silentLogger } from '@postern/core';
import { type memoryLogger, seededEntropy, VirtualClock } from '@postern/core/testing';
import {
  DEFAULT_POLICY,
  DEFAULT_SCHEME,
  initialState,
  type SoftwareManifest,
  type UpdateJob,
} from '@postern/software-update';
import { belowStore } from '../../src/adapters/database/below-store.ts';
import { deliveryStore } from '../../src/adapters/database/delivery-store.ts';
import { deviceStore } from '../../src/adapters/database/device-store.ts';
import { openIntermediaryDatabase } from '../../src/adapters/database/open.ts';
import { passingStore } from '../../src/adapters/database/passing-store.ts';
import { placementStore } from '../../src/adapters/database/placement-store.ts';
import { requestStore } from '../../src/adapters/database/request-store.ts';
import { updateStore } from '../../src/adapters/database/update-store.ts';
import { forgetting } from '../../src/adapters/forgetting.ts';
import { toldDevices } from '../../src/domain/cascade/told-devices.ts';
import { followMoves } from '../../src/domain/updates/follow-moves.ts';
import { UpdateScheduler } from '../../src/domain/updates/scheduler.ts';
import type { UpdateGate } from '../../src/domain/updates/update-gate.ts';
import { Outgoing } from '../../src/domain/uplink/outgoing.ts';
import { afterThisTest } from './directory.ts';
import type { ScriptedDevice } from './scripted-device.ts';
import { makeManifest, START, sign } from './software.ts';

export const UPDATER = 'site-a';

const STEPS = 40;

export interface ProcessOptions {
  readonly directory: string;
  readonly clock?: VirtualClock;
  readonly devices?: Readonly<Record<string, ScriptedDevice>>;
  readonly concurrency?: number;
  readonly logger?: ReturnType<typeof memoryLogger>;
  readonly gate?: UpdateGate;
}

/**
 * The inside of an intermediary without its network: stores on a real database, scheduler, scripted devices.
 * Making a second one on the same directory is a restart; the first is simply not used any more, as after `kill -9`.
 */
export const startProcess = async (options: ProcessOptions) => {
  const { directory, clock = new VirtualClock(START), devices = {}, logger = silentLogger } = options;
  const database = await openIntermediaryDatabase(join(directory, 'intermediary.db'), logger);
  const requests = requestStore(database);
  const delivered = deliveryStore(database);
  const updates = updateStore(database, requests, delivered);
  const registered = deviceStore(database);
  const cascade = {
    below: belowStore(database),
    passing: passingStore(database),
    placements: placementStore(database),
  };
  const told = toldDevices({ devices: registered, ...cascade, servesOthers: false });
  const outgoing = new Outgoing(requests, told, clock);
  const forget = forgetting(database, clock, logger);
  const scheduler = new UpdateScheduler({
    store: updates,
    concurrency: options.concurrency ?? 16,
    ...(options.gate === undefined ? {} : { gate: options.gate }),
    clock,
    logger,
    portsFor: (update) => {
      const device = devices[update.job.deviceId];
      if (device === undefined) throw new TypeError(`No device ${update.job.deviceId} in this test`);
      const { images, securePath, bulkPath } = device;
      const entropy = seededEntropy(update.job.jobId);
      return { entropy, logger, images, securePath, bulkPath: followMoves(bulkPath, update) };
    },
    onNews: (jobId, news) => outgoing.notices.tell(jobId, news),
    onDecided: (jobId) => outgoing.answered(jobId),
    onForgotten: () => forget.soon(),
  });
  for (const [deviceId, device] of Object.entries(devices)) {
    device.onRestart = () => {
      clock.schedule(Seconds(1), () => {
        for (const { mailbox } of scheduler.ofDevice(deviceId)) mailbox.deliverStart('firmware');
      });
    };
  }
  afterThisTest(async () => {
    await scheduler.close();
    database.close();
  });

  /** Stores and starts an update, as an order does. */
  const order = (jobId: string, deviceId: string, deadline: Duration = Minutes(60)): void => {
    const stored = { job: job(jobId, deviceId, clock, deadline), state: initialState, cancelled: false };
    const expiresAt = stored.job.deadline;
    requests.add({ requestId: jobId, target: deviceId, kind: 'UpdateSoftware', expiresAt });
    updates.add({ ...stored, movedTo: undefined }, [], clock.now());
    scheduler.add({ ...stored, movedTo: undefined });
  };
  /** What the server does with an answer. */
  const acknowledge = (jobId: string): void => {
    requests.acknowledge([jobId]);
    scheduler.acknowledged(jobId);
  };
  const recover = (): void => scheduler.recover((jobId) => requests.response(jobId) !== undefined);
  const result = (jobId: string) => {
    const body = requests.response(jobId)?.body;
    return body?.kind === 'UpdateSoftwareResponse' ? body.value : undefined;
  };
  /** Lets time pass in small steps, in between which everything settles. */
  const pass = async (duration: Duration): Promise<void> => {
    for (let step = 0; step < STEPS; step++) await clock.advance(Milliseconds(duration / STEPS));
  };
  return {
    pass,
    database,
    requests,
    delivered,
    updates,
    registered,
    outgoing,
    scheduler,
    clock,
    order,
    acknowledge,
    recover,
    result,
    forget,
  };
};

export const job = (
  jobId: string,
  deviceId: string,
  clock: VirtualClock,
  deadline: Duration = Minutes(60),
  manifest: SoftwareManifest = makeManifest(),
): UpdateJob => ({
  jobId,
  deviceId,
  updaterId: UPDATER,
  signedManifest: sign(manifest),
  manifest,
  deadline: after(clock.now(), deadline),
  policy: DEFAULT_POLICY,
  scheme: DEFAULT_SCHEME,
});
