import type { device } from '@postern/contracts';
import {
  after,
  between,
  type Clock,
  type Duration,
  type Instant,
  type Logger,
  Milliseconds,
  type Timer,
} from '@postern/core';
import { intermediaryError } from '../../errors.ts';
import { readPeriod } from './period.ts';

/** The schedule as it is kept. Synchronous and durable on return. */
export interface ScheduleStore {
  /** What was set in place of the configured entries. */
  entries(): readonly device.ScheduleEntry[] | undefined;
  setEntries(entries: readonly device.ScheduleEntry[]): void;
  /** When an entry is due next. */
  due(entry: device.ScheduleEntry): Instant | undefined;
  setDue(entry: device.ScheduleEntry, due: Instant): void;
  /** Forgets when all other entries were due. */
  keepDue(entries: readonly device.ScheduleEntry[]): void;
}

export interface ScheduleOptions {
  readonly store: ScheduleStore;
  /** In force until something is set. */
  readonly configured: readonly device.ScheduleEntry[];
  /** The tasks there are. What one throws is logged. */
  readonly tasks: Partial<Record<device.ScheduledTask, () => void>>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** An entry, and when it is due next. */
export interface PlannedTask extends device.ScheduleEntry {
  readonly due: Instant;
}

/**
 * Does what is due at its times. Times lie on a grid that begins when an entry is set and outlives the process: a
 * restart neither repeats nor delays anything, and after a long absence what was missed is done once.
 *
 * @spec I3
 */
export class Schedule {
  readonly #options: ScheduleOptions;
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  /** What is planned. */
  planned(): readonly PlannedTask[] {
    const { clock } = this.#options;
    return this.#entries().map(([entry]) => ({
      ...entry,
      due: this.#options.store.due(entry) ?? clock.now(),
    }));
  }

  /** Begins, or goes on after a restart. */
  start(): void {
    const { store, clock } = this.#options;
    const entries = this.#entries();
    store.keepDue(entries.map(([entry]) => entry));
    for (const [entry, period] of entries) {
      if (store.due(entry) === undefined) store.setDue(entry, after(clock.now(), period));
    }
    this.#watch();
  }

  /** Replaces all entries. @throws PosternError `schedule-invalid`; nothing changes then */
  set(entries: readonly device.ScheduleEntry[]): void {
    for (const entry of entries) this.#check(entry);
    const unique = new Map(
      entries.map(({ task, expression }) => [`${task} ${expression}`, { task, expression }]),
    );
    this.#options.store.setEntries([...unique.values()]);
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #check({ task, expression }: device.ScheduleEntry): void {
    if (this.#options.tasks[task] === undefined) {
      throw intermediaryError('schedule-invalid', `${task} cannot be scheduled here`);
    }
    if (readPeriod(expression) === undefined) {
      throw intermediaryError('schedule-invalid', `${JSON.stringify(expression.slice(0, 80))} is no period`);
    }
  }

  #entries(): readonly (readonly [device.ScheduleEntry, Duration])[] {
    const entries = this.#options.store.entries() ?? this.#options.configured;
    return entries.flatMap((entry) => {
      const period = readPeriod(entry.expression);
      return period === undefined ? [] : [[entry, period] as const];
    });
  }

  #watch(): void {
    this.#timer?.cancel();
    if (this.#closed) return;
    const { clock } = this.#options;
    const dues = this.planned().map(({ due }) => between(clock.now(), due));
    if (dues.length === 0) return;
    this.#timer = clock.schedule(Milliseconds(Math.max(Math.min(...dues), 0)), () => this.#tick(), {
      background: true,
    });
  }

  #tick(): void {
    const { store, clock, logger, tasks } = this.#options;
    const now = clock.now();
    for (const [entry, period] of this.#entries()) {
      const due = store.due(entry) ?? now;
      if (due > now) continue;
      try {
        // Written first: a task that brings the process down is not done again at once.
        store.setDue(entry, nextOnGrid(due, period, now));
        tasks[entry.task]?.();
      } catch (error) {
        logger.error('A scheduled task failed', { task: entry.task, error });
      }
    }
    this.#watch();
  }
}

/** The first time after `now` that lies whole periods behind `due`. */
const nextOnGrid = (due: Instant, period: Duration, now: Instant): Instant =>
  after(due, Milliseconds((Math.floor((now - due) / period) + 1) * period));
