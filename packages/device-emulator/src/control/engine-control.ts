import { type Clock, throwIfCancelled } from '@postern/core';
import type { EngineHold, EngineJobs } from '@postern/software-update';
import { advanceEngine, type EngineEvent, type EngineState, signalsOf } from '../domain/engine-power.ts';
import {
  advanceJobs,
  IDLE_QUEUE,
  isFull,
  isIdle,
  type Job,
  type JobEvent,
  type JobKind,
  type JobQueue,
  mayHold,
} from '../domain/job-queue.ts';
import { deviceError } from '../errors.ts';
import type {
  EngineJob,
  EngineObserver,
  EngineOptions,
  EngineTimes,
  JobEnding,
  JobProgress,
} from './engine-types.ts';
import { type Due, OneTimer } from './one-timer.ts';
import { Waiters } from './waiters.ts';

interface OpenJob {
  done: number;
  readonly ended: (how: JobEnding) => void;
}

/**
 * Engine control (ECS, Fig 7): gives the engine power and work. Jobs run one at a time, unit by unit, while ENGRDY is
 * low; whatever needs the engine wakes it. Lives for one power cycle, with one timer at most.
 *
 * @spec D2 D3 U5
 */
export class EngineControl implements EngineJobs {
  readonly #clock: Clock;
  readonly #times: EngineTimes;
  readonly #observer: Partial<EngineObserver>;
  #state: EngineState = 'off';
  #jammed = false;
  /** It will not answer when it has power. */
  #broken = false;
  #queue: JobQueue = { ...IDLE_QUEUE, ready: false };
  #lastId = 0;
  readonly #timer: OneTimer;
  readonly #open = new Map<number, OpenJob>();
  /** Whoever waits for a hold. */
  readonly #waiting = new Waiters('the engine');

  constructor({ clock, times, observer = {} }: EngineOptions) {
    this.#clock = clock;
    this.#timer = new OneTimer(clock);
    this.#times = times;
    this.#observer = observer;
  }

  get state(): EngineState {
    return this.#state;
  }

  /** Whether a job runs. */
  get busy(): boolean {
    return this.#queue.running !== undefined;
  }

  /** Nothing moves until somebody has taken the paper out. */
  get jammed(): boolean {
    return this.#jammed;
  }

  /** The running job first, then the reserved ones in their order. */
  get jobs(): readonly JobProgress[] {
    const { running, reserved } = this.#queue;
    const progress = ({ id, kind, units }: Job, state: JobProgress['state']): JobProgress => ({
      id,
      kind,
      units,
      done: this.#open.get(id)?.done ?? 0,
      state,
    });
    return [
      ...(running === undefined ? [] : [progress(running, 'running')]),
      ...reserved.map((job) => progress(job, 'reserved')),
    ];
  }

  /** The mains are there: power to the engine (Fig 8 A). */
  powerOn(): void {
    this.#power('power-on');
  }

  /**
   * Gives the engine a job, and wakes it for that.
   *
   * @throws PosternError `powered-off`, `engine-queue-full`
   */
  start(order: Omit<Job, 'id'>): EngineJob {
    if (this.#state === 'off') throw deviceError('powered-off', 'The device was switched off');
    if (isFull(this.#queue)) throw deviceError('engine-queue-full', 'The engine has too many reserved jobs');
    this.#lastId += 1;
    const id = this.#lastId;
    const ended = new Promise<JobEnding>((resolve) => this.#open.set(id, { done: 0, ended: resolve }));
    const { kind, units } = order;
    this.#jobs({ type: 'submit', job: { ...order, id } });
    this.#power('wake');
    return { id, kind, ended, end: () => this.#finishNow(id, kind, units) };
  }

  /** Takes a running or reserved job out. @returns whether there was one */
  cancel(id: number): boolean {
    const known = this.#open.has(id);
    this.#end(id, 'cancelled');
    return known;
  }

  /** @returns whether the engine saves energy now; it does not while it is needed, starting or out of order */
  saveEnergy(): boolean {
    if (this.#idle) this.#power('save-energy');
    return this.#state === 'energy-saving';
  }

  /** Back from energy saving (Fig 8 C). */
  wake(): void {
    this.#power('wake');
  }

  /** The engine answers no more, or will not when it is woken; its job waits. */
  fail(): void {
    this.#broken = true;
    if (this.#state === 'ready') this.#power('fail');
  }

  /** Paper stands still in the engine; its job waits. */
  jam(): void {
    if (this.#jammed) return;
    this.#jammed = true;
    this.#changed();
    this.#observer.onTrouble?.('paper-jam');
  }

  /** Takes jammed paper out and mends what had failed. The unit that was interrupted is made anew. */
  mend(): void {
    this.#jammed = false;
    this.#broken = false;
    this.#power('mend');
    this.#changed();
  }

  /** A setting may have changed: how long the engine may be idle. */
  settingsChanged(): void {
    this.#arm();
  }

  async holdWhenIdle(signal: AbortSignal): Promise<EngineHold> {
    throwIfCancelled(signal);
    while (!mayHold(this.#queue)) {
      const change = this.#waiting.next(signal);
      this.#power('wake');
      this.#arm();
      await change.finally(() => this.#arm());
    }
    this.#jobs({ type: 'hold' });
    return { release: () => this.#jobs({ type: 'release' }) };
  }

  /** The power goes; jobs are lost. */
  stop(): void {
    for (const { ended } of this.#open.values()) ended('lost');
    this.#open.clear();
    this.#queue = { ...IDLE_QUEUE, ready: false };
    this.#power('power-off');
  }

  /** Nothing uses the engine and nobody waits for it. */
  get #idle(): boolean {
    return isIdle(this.#queue) && !this.#queue.held && this.#waiting.size === 0;
  }

  #power(event: EngineEvent): void {
    const before = this.#state;
    this.#state = advanceEngine(before, event);
    if (this.#state === before) return;
    this.#observer.onSignals?.({
      at: this.#clock.now(),
      state: this.#state,
      ...signalsOf(this.#state),
    });
    if (this.#state === 'failed') this.#observer.onTrouble?.('engine-failure');
    if (this.#state === 'starting' && this.#times.startUp <= 0) this.#started();
    else this.#jobs({ type: 'engine', ready: this.#state === 'ready' });
  }

  /** The start-up time is over. */
  #started(): void {
    this.#power(this.#broken ? 'fail' : 'initialised');
  }

  #jobs(event: JobEvent): void {
    this.#queue = advanceJobs(this.#queue, event);
    this.#changed();
  }

  #changed(): void {
    this.#arm();
    this.#waiting.wake();
    this.#observer.onJobs?.();
  }

  #end(id: number, how: JobEnding, kind?: JobKind): void {
    const job = this.#open.get(id);
    if (job === undefined) return;
    this.#open.delete(id);
    if (kind !== undefined) this.#observer.onFinished?.(kind);
    job.ended(how);
    this.#jobs({ type: 'ended', id });
  }

  #unit({ id, kind, units }: Job): void {
    const job = this.#open.get(id);
    if (job === undefined) return;
    job.done += 1;
    this.#observer.onUnit?.(kind);
    if (job.done >= units) this.#end(id, 'finished', kind);
    else this.#changed();
  }

  #finishNow(id: number, kind: JobKind, units: number): void {
    const job = this.#open.get(id);
    for (; job !== undefined && job.done < units; job.done += 1) this.#observer.onUnit?.(kind);
    this.#end(id, 'finished', kind);
  }

  #arm(): void {
    this.#timer.arm(this.#due());
  }

  #due(): Due | undefined {
    if (this.#state === 'starting') {
      return { name: 'start-up', after: this.#times.startUp, run: () => this.#started() };
    }
    if (this.#state !== 'ready' || this.#jammed) return undefined;
    const { running } = this.#queue;
    if (running !== undefined) {
      const done = this.#open.get(running.id)?.done ?? 0;
      return {
        name: `unit ${done} of job ${running.id}`,
        after: running.unitTime,
        run: () => this.#unit(running),
      };
    }
    const idleFor = this.#idle ? this.#times.savesEnergyAfter() : undefined;
    if (idleFor === undefined) return undefined;
    const saving = { name: `idle for ${idleFor} ms`, after: idleFor, background: true } as const;
    return { ...saving, run: () => this.#power('save-energy') };
  }
}
