import type { Duration } from '@postern/core';

/** Name of a job in the device's profile. */
export type JobKind = string;

/** A job of one of the device's applications. */
export interface Job {
  readonly id: number;
  readonly kind: JobKind;
  /** Pages, cups, legs of a flight; at least 1. */
  readonly units: number;
  /** Engine time that one of them takes. */
  readonly unitTime: Duration;
  /** An installation waits for its end. */
  readonly blocksUpdate: boolean;
}

/** The engine does one job at a time; the others are reserved. While it is held or not ready, none starts. */
export interface JobQueue {
  readonly running: Job | undefined;
  readonly reserved: readonly Job[];
  readonly held: boolean;
  /** ENGRDY is low. */
  readonly ready: boolean;
}

export type JobEvent =
  | { readonly type: 'submit'; readonly job: Job }
  | { readonly type: 'ended'; readonly id: number }
  | { readonly type: 'hold' }
  | { readonly type: 'release' }
  | { readonly type: 'engine'; readonly ready: boolean };

/** Nothing to do, and an engine that is ready. */
export const IDLE_QUEUE: JobQueue = { running: undefined, reserved: [], held: false, ready: true };

/** Jobs that may be reserved behind the running one. */
export const MOST_RESERVED_JOBS = 100;

export const isFull = (queue: JobQueue): boolean => queue.reserved.length >= MOST_RESERVED_JOBS;

export const isIdle = ({ running, reserved }: JobQueue): boolean =>
  running === undefined && reserved.length === 0;

/** Whether an installation may begin: the engine is ready, and it waits for no job, running or reserved. */
export const mayHold = ({ running, reserved, held, ready }: JobQueue): boolean =>
  ready &&
  !held &&
  [...(running === undefined ? [] : [running]), ...reserved].every((job) => !job.blocksUpdate);

/**
 * What an event does to the queue, as a pure function. A job that ends while it is still reserved is taken out;
 * a hold that may not be is ignored (the caller waits for {@link mayHold}). A job that runs when the engine fails stays
 * the running one, and goes on when the engine is ready again.
 *
 * @spec U5 D3
 */
export const advanceJobs = (queue: JobQueue, event: JobEvent): JobQueue => {
  switch (event.type) {
    case 'submit':
      return startNext({ ...queue, reserved: [...queue.reserved, event.job] });
    case 'ended':
      return startNext({
        ...queue,
        running: queue.running?.id === event.id ? undefined : queue.running,
        reserved: queue.reserved.filter(({ id }) => id !== event.id),
      });
    case 'hold':
      return mayHold(queue) ? { ...queue, held: true } : queue;
    case 'release':
      return startNext({ ...queue, held: false });
    case 'engine':
      return startNext({ ...queue, ready: event.ready });
  }
};

const startNext = (queue: JobQueue): JobQueue => {
  const [next, ...reserved] = queue.reserved;
  if (queue.held || !queue.ready || queue.running !== undefined || next === undefined) return queue;
  return { ...queue, running: next, reserved };
};
