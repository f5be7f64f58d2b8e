import type { BulkEndpoint, UpdateJob, UpdaterState } from '@postern/software-update';
import { JobMailbox } from './mailbox.ts';
import type { StoredUpdate } from './ports.ts';

/**
 * Where an open update stands in the schedule. `waiting`: for a slot, or for an older update of its device.
 * `active`: it holds a slot and is the only one to talk to its device. `closing`: decided; it waits for the server,
 * or owes the device an erasure.
 */
export type ScheduleState = 'waiting' | 'active' | 'closing';

/** An update in memory while it is not finished. */
export class OpenUpdate {
  readonly job: UpdateJob;
  readonly mailbox = new JobMailbox();
  /** The state committed last. */
  state: UpdaterState;
  schedule: ScheduleState;
  movedTo: BulkEndpoint | undefined;
  /** The server has the answer; it may not be committed again as one to send. */
  isAcknowledged = false;
  /** For operators; written with the next step. */
  remark: string | undefined;
  /** Set while it runs. */
  run: { readonly stop: () => void; readonly ended: Promise<void> } | undefined;

  constructor(stored: StoredUpdate, schedule: ScheduleState) {
    this.job = stored.job;
    this.state = stored.state;
    this.movedTo = stored.movedTo;
    this.schedule = schedule;
    if (stored.cancelled) this.mailbox.cancel();
  }

  /** The server has the answer. */
  acknowledge(): void {
    this.isAcknowledged = true;
    this.mailbox.acknowledge();
  }
}

/**
 * The update that may begin next: the oldest one that waits and whose device is not busy.
 *
 * @param updates in the order in which they came
 * @param mayBegin whether an update of the device may begin at all now
 */
export const nextToBegin = <T extends Pick<OpenUpdate, 'job' | 'schedule'>>(
  updates: Iterable<T>,
  concurrency: number,
  mayBegin: (deviceId: string) => boolean = () => true,
): T | undefined => {
  const all = [...updates];
  const active = all.filter(({ schedule }) => schedule === 'active');
  if (active.length >= concurrency) return undefined;
  const busy = new Set(active.map(({ job }) => job.deviceId));
  return all.find(
    ({ schedule, job }) => schedule === 'waiting' && !busy.has(job.deviceId) && mayBegin(job.deviceId),
  );
};
