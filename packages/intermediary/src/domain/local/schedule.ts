import type { device } from '@postern/contracts';
import {
  between,
  type Clock,
  type Duration,
  Hours,
  type Instant,
  type Logger,
  Milliseconds,
  Minutes,
  type Timer,
} from '@postern/core';
import { intermediaryError } from '../../errors.ts';
import { type Rhythm, readRhythm } from './rhythm.ts';

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
  /** Whose clock cron expressions mean: an IANA name. */
  readonly timeZone: string;
  /** The tasks there are. What one throws is logged; one that goes on for longer ends when the signal aborts. */
  readonly tasks: Partial<Record<device.ScheduledTask, (signal: AbortSignal) => void | Promise<void>>>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** An entry, and when it is due next. */
export interface PlannedTask extends device.ScheduleEntry {
  readonly due: Instant;
}

/** Looked at as often at least: somebody may have set the clock of the machine. */
const LONGEST_WAIT = Hours(1);
const AFTER_FAILURE = Minutes(1);

/**
 * Does what is due at its times. Those of a period lie on a grid that begins when an entry is set and outlives the
 * process: a restart neither repeats nor delays anything, and after a long absence what was missed is done once. A task
 * that is still going is not begun a second time.
 *
 * @spec I3
 */
export class Schedule {
  readonly #options: ScheduleOptions;
  readonly #ending = new AbortController();
  readonly #running = new Map<device.ScheduledTask, Promise<void>>();
  #timer: Timer | undefined;

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
    const now = clock.now();
    for (const [entry, rhythm] of entries) {
      const due = store.due(entry);
      if (due !== undefined && due <= now) continue;
      // Worked out anew: the time zone may be another one than before.
      const next = rhythm.next(now, due);
      if (next !== due) store.setDue(entry, next);
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

  /** Nothing is begun any more, and what is going on ends. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    this.#ending.abort();
    await Promise.all(this.#running.values());
  }

  #check({ task, expression }: device.ScheduleEntry): void {
    const { tasks, timeZone } = this.#options;
    if (tasks[task] === undefined) {
      throw intermediaryError('schedule-invalid', `${task} cannot be scheduled here`);
    }
    const read = readRhythm(expression, timeZone);
    if ('mistake' in read) {
      const what = JSON.stringify(expression.slice(0, 80));
      throw intermediaryError('schedule-invalid', `${what} cannot be scheduled: ${read.mistake}`);
    }
  }

  #entries(): readonly (readonly [device.ScheduleEntry, Rhythm])[] {
    const { store, configured, timeZone } = this.#options;
    return (store.entries() ?? configured).flatMap((entry) => {
      const read = readRhythm(entry.expression, timeZone);
      return 'rhythm' in read ? [[entry, read.rhythm] as const] : [];
    });
  }

  /** @param least a store that cannot be written is not asked without a pause */
  #watch(least: Duration = Milliseconds(0)): void {
    this.#timer?.cancel();
    if (this.#ending.signal.aborted) return;
    const { clock } = this.#options;
    const dues = this.planned().map(({ due }) => between(clock.now(), due));
    if (dues.length === 0) return;
    const wait = Milliseconds(Math.min(Math.max(Math.min(...dues), least), LONGEST_WAIT));
    this.#timer = clock.schedule(wait, () => this.#tick(), { background: true });
  }

  #tick(): void {
    const { store, clock, logger } = this.#options;
    const now = clock.now();
    let pause = Milliseconds(0);
    for (const [entry, rhythm] of this.#entries()) {
      const due = store.due(entry) ?? now;
      if (due > now) continue;
      try {
        // Written first: a task that brings the process down is not done again at once.
        store.setDue(entry, rhythm.next(now, due));
        this.#begin(entry.task);
      } catch (error) {
        logger.error('A scheduled task failed', { task: entry.task, error });
        pause = AFTER_FAILURE;
      }
    }
    this.#watch(pause);
  }

  #begin(task: device.ScheduledTask): void {
    const { tasks, logger } = this.#options;
    if (this.#running.has(task)) {
      logger.warn('A scheduled task is still going, and is not begun again', { task });
      return;
    }
    const { signal } = this.#ending;
    const going = tasks[task]?.(signal);
    if (going === undefined) return;
    const ended = going
      .catch((error: unknown) => {
        if (!signal.aborted) logger.error('A scheduled task failed', { task, error });
      })
      .finally(() => this.#running.delete(task));
    this.#running.set(task, ended);
  }
}
