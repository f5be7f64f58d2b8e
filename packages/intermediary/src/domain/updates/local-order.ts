import { createHash } from 'node:crypto';
import type { device } from '@postern/contracts';
import {
  between,
  type Clock,
  Days,
  type Duration,
  type Entropy,
  type Instant,
  Milliseconds,
  randomId,
  toSeconds,
} from '@postern/core';
import {
  done,
  initialState,
  type JournalEntry,
  type OrderOrigin,
  orderSteps,
  type UpdateJob,
  type UpdaterState,
  updateError,
} from '@postern/software-update';
import type { DeviceStore } from '../devices.ts';
import { type OrderContext, orderUpdate } from './order.ts';
import type { StoredUpdate, UpdateStore } from './ports.ts';

/** Signed software with the key rotations behind it, oldest first. */
export interface ShelfSoftware {
  readonly signedManifest: Uint8Array;
  readonly keyRotations: readonly Uint8Array[];
}

/** Where orders at the site find what to install (I5). */
export interface Shelf {
  /** The newest software for the device's model; undefined when the site holds none. */
  newestFor(device: device.DeviceInformation): ShelfSoftware | undefined;
}

/** Who orders at the site. */
export type LocalOrigin = Exclude<OrderOrigin, 'server'>;

/** What an order at the site may say; everything has a default. */
export interface LocalOrder {
  /** Made here unless given. The same one again is answered again, and nothing more. */
  readonly jobId?: string;
  /** The software must have this component. */
  readonly component?: string;
  /** Installed in place of the newest of the shelf. */
  readonly software?: ShelfSoftware;
  readonly policy?: device.UpdatePolicy;
  /** The site's unless given. */
  readonly deadline?: Duration;
  /** How long what the order brought is good for: no deadline is later. */
  readonly longest?: Duration;
  /** The state to begin in; asked once the order stands (Fig 23: the password is there already). */
  readonly begin?: (job: UpdateJob) => UpdaterState;
}

export interface OrderedLocally {
  readonly job: UpdateJob;
  /** It had been ordered before. */
  readonly repeated: boolean;
}

/** Orders an update at the site itself. */
export type OrderLocally = (origin: LocalOrigin, deviceId: string, order?: LocalOrder) => OrderedLocally;

export interface LocalOrderOptions {
  readonly devices: DeviceStore;
  readonly updates: UpdateStore;
  readonly shelf: Shelf;
  /** @throws PosternError `device-not-active` */
  readonly requireActive: (deviceId: string) => void;
  /** What the site decides every order by. */
  readonly context: () => Omit<OrderContext, 'now' | 'device' | 'orderedBy'>;
  /** For orders that name none. */
  readonly deadline: Duration;
  /** Takes a stored update. */
  readonly schedule: (update: StoredUpdate) => void;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

/**
 * Orders at the device's panel (U16, U17), at the operation port (I4) and by the schedule: all of them install the
 * newest of the shelf, one update of a device at a time. The update is stored before it begins.
 *
 * @returns throws PosternError `device-unknown`, `device-not-active`, `no-software`, `update-already-open`, `not-authorised` (the job is
 *   another device's) and those of {@link orderUpdate}
 * @spec U16 U17
 */
export const localOrders = (options: LocalOrderOptions): OrderLocally => {
  const { devices, updates, shelf, clock, entropy } = options;

  const softwareFor = (information: device.DeviceInformation): ShelfSoftware => {
    const software = shelf.newestFor(information);
    if (software !== undefined) return software;
    throw updateError('no-software', `The site holds no software for a ${information.model}`);
  };

  return (origin, deviceId, order = {}) => {
    const jobId = order.jobId ?? randomId(entropy);
    const known = updates.get(jobId)?.job;
    if (known !== undefined) return repeated(known, origin, deviceId);
    options.requireActive(deviceId);
    const information = devices.get(deviceId)?.information;
    if (information === undefined) {
      throw updateError('device-unknown', `No device ${deviceId} has registered here`);
    }
    const { signedManifest, keyRotations } = order.software ?? softwareFor(information);
    const request = {
      signedManifest,
      deadlineSeconds: deadlineOf(order, options.deadline),
      keyRotations: { record: keyRotations },
      ...(order.policy === undefined ? {} : { policy: order.policy }),
    };
    const now = clock.now();
    const context = { ...options.context(), now, device: information, orderedBy: origin };
    const job = owedUntil(orderUpdate(jobId, deviceId, request, context), order.longest, now);
    if (order.software === undefined) requireNewer(job, information, order.component);
    if (updates.countUndecided(deviceId) > 0) {
      throw updateError('update-already-open', `An update of ${deviceId} is under way`);
    }
    const state = order.begin?.(job) ?? initialState;
    const stored: StoredUpdate = { job, state, cancelled: false, movedTo: undefined };
    updates.add(stored, orderLines(job), now);
    options.schedule(stored);
    return { job, repeated: false };
  };
};

const orderLines = ({ scheme, manifest }: UpdateJob): readonly JournalEntry[] =>
  orderSteps(scheme).map((step, index) => done(step, index === 0 ? manifest.software : undefined));

/** In seconds; contracts carry no more than 31 days. */
const deadlineOf = ({ deadline, longest = Days(31) }: LocalOrder, usual: Duration): number =>
  toSeconds(Milliseconds(Math.min(deadline ?? usual, longest, Days(31))));

/** A password that came with the order lives as long as the device said, whatever the deadline: its end is owed until then. */
const owedUntil = (job: UpdateJob, longest: Duration | undefined, now: Instant): UpdateJob => {
  if (longest === undefined) return job;
  const beyond = Math.max(longest - between(now, job.deadline), 0);
  const credentialMargin = Milliseconds(job.policy.credentialMargin + beyond);
  return { ...job, policy: { ...job.policy, credentialMargin } };
};

/** An order whose answer was lost; anything else under its identifier is somebody else's update. */
const repeated = (job: UpdateJob, origin: LocalOrigin, deviceId: string): OrderedLocally => {
  if (job.deviceId === deviceId && job.scheme.orderedBy === origin) return { job, repeated: true };
  throw updateError('update-already-open', 'The identifier of the order is that of another update');
};

/** A device that is known to run all of it already is not updated; what it runs is not always known. */
const requireNewer = (
  { manifest }: UpdateJob,
  { components, deviceId }: device.DeviceInformation,
  component: string | undefined,
): void => {
  if (component !== undefined && !manifest.components.some(({ name }) => name === component)) {
    throw updateError('no-software', `${manifest.software} has no component ${component}`);
  }
  const versions = new Map(components.item.map((item) => [item.component, item.version]));
  if (manifest.components.some(({ name, version }) => versions.get(name) !== version)) return;
  throw updateError('no-software', `${deviceId} runs ${manifest.software} already`);
};

/**
 * The job of an order that a device identified itself (Fig 22): the same for the same order, and no other device's.
 *
 * @returns an identifier as contracts carry it
 */
export const panelJobId = (deviceId: string, orderId: string): string =>
  `ordered-${createHash('sha256').update(`${deviceId}\0${orderId}`).digest('hex').slice(0, 40)}`;
