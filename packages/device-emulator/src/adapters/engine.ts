import { type Clock, type Duration, PosternError, type Timer, throwIfCancelled } from '@postern/core';
import type { EngineHold, EngineJobs } from '@postern/software-update';
import {
  advanceJobs,
  IDLE_QUEUE,
  isFull,
  type JobEvent,
  type JobKind,
  type JobQueue,
  mayHold,
} from '../domain/job-queue.ts';
import { deviceError } from '../errors.ts';

/** A job as whoever started it sees it. */
export interface EngineJob {
  readonly id: number;
  readonly kind: JobKind;
  /** Resolves when the job has ended: `finished`, or `lost` because the device lost its power. Never rejects. */
  readonly ended: Promise<'finished' | 'lost'>;
  /** Ends the job now, as if its time had come. */
  end(): void;
}

export interface JobOrder {
  readonly kind: JobKind;
  readonly duration: Duration;
}

/** The engine of a device: carries out jobs on the clock, one at a time. Lives for one power cycle. */
export interface Engine extends EngineJobs {
  readonly busy: boolean;
  /** @throws PosternError `engine-queue-full` */
  start(order: JobOrder): EngineJob;
  stop(): void;
}

/**
 * @param onFinished told of every finished job, for the counters
 * @param blocksUpdate whether an installation waits for the end of jobs of this kind
 * @spec U5
 */
export const createEngine = (
  clock: Clock,
  onFinished: (kind: JobKind) => void,
  blocksUpdate: (kind: JobKind) => boolean = () => true,
): Engine => {
  let queue: JobQueue = IDLE_QUEUE;
  let lastId = 0;
  let stopped = false;
  let timer: { readonly job: number; readonly timer: Timer } | undefined;
  const endings = new Map<number, (how: 'finished' | 'lost') => void>();
  const waiting = new Set<() => void>();

  const apply = (event: JobEvent): void => {
    queue = advanceJobs(queue, event);
    const { running } = queue;
    if (timer !== undefined && timer.job !== running?.id) {
      timer.timer.cancel();
      timer = undefined;
    }
    if (running !== undefined && timer === undefined) {
      timer = {
        job: running.id,
        timer: clock.schedule(running.duration, () => finish(running.id, running.kind)),
      };
    }
    if (mayHold(queue)) for (const wake of [...waiting]) wake();
  };

  const finish = (id: number, kind: JobKind): void => {
    const ended = endings.get(id);
    if (ended === undefined) return;
    endings.delete(id);
    onFinished(kind);
    ended('finished');
    apply({ type: 'ended', id });
  };

  const idle = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting.delete(wake);
        signal.removeEventListener('abort', onAbort);
      };
      const wake = (): void => {
        leave();
        resolve();
      };
      const onAbort = (): void => {
        leave();
        reject(new PosternError('cancelled', 'The wait for the engine was cancelled'));
      };
      waiting.add(wake);
      signal.addEventListener('abort', onAbort, { once: true });
    });

  return {
    get busy() {
      return queue.running !== undefined;
    },
    start: ({ kind, duration }) => {
      if (stopped) throw deviceError('powered-off', 'The device was switched off');
      if (isFull(queue)) throw deviceError('engine-queue-full', 'The engine has too many reserved jobs');
      lastId += 1;
      const id = lastId;
      const ended = new Promise<'finished' | 'lost'>((resolve) => endings.set(id, resolve));
      apply({ type: 'submit', job: { id, kind, duration, blocksUpdate: blocksUpdate(kind) } });
      return { id, kind, ended, end: () => finish(id, kind) };
    },
    holdWhenIdle: async (signal): Promise<EngineHold> => {
      throwIfCancelled(signal);
      while (!mayHold(queue)) await idle(signal);
      apply({ type: 'hold' });
      return { release: () => apply({ type: 'release' }) };
    },
    stop: () => {
      stopped = true;
      timer?.timer.cancel();
      timer = undefined;
      for (const ended of endings.values()) ended('lost');
      endings.clear();
      queue = IDLE_QUEUE;
    },
  };
};
