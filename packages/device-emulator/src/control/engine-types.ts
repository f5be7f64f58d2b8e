import type { Clock, Duration } from '@postern/core';
import type { SignalChange } from '../domain/engine-power.ts';
import type { JobKind } from '../domain/job-queue.ts';

/** How a job ended: `lost` when the device lost its power. */
export type JobEnding = 'finished' | 'cancelled' | 'lost';

/** A job as whoever started it sees it. */
export interface EngineJob {
  readonly id: number;
  readonly kind: JobKind;
  /** Never rejects. */
  readonly ended: Promise<JobEnding>;
  /** Ends the job now, as if its time had come. */
  end(): void;
}

/** A job as it stands. */
export interface JobProgress {
  readonly id: number;
  readonly kind: JobKind;
  readonly units: number;
  readonly done: number;
  readonly state: 'running' | 'reserved';
}

export interface EngineTimes {
  /** From power to ENGRDY low. */
  readonly startUp: Duration;
  /** Idle time after which the engine saves energy; `undefined`: never. */
  readonly savesEnergyAfter: () => Duration | undefined;
}

/** What somebody has to come for. */
export type EngineTrouble = 'paper-jam' | 'engine-failure';

/** Told of what the engine does. None of it may throw. */
export interface EngineObserver {
  onUnit(kind: JobKind): void;
  onFinished(kind: JobKind): void;
  onSignals(change: SignalChange): void;
  onTrouble(trouble: EngineTrouble): void;
  /** A job was submitted, has gone on or has ended, or the engine was mended. */
  onJobs(): void;
}

export interface EngineOptions {
  readonly clock: Clock;
  readonly times: EngineTimes;
  readonly observer?: Partial<EngineObserver>;
}

/** A job as somebody orders it. */
export interface JobOrder {
  /** A job of the device's profile. */
  readonly kind: JobKind;
  /** Pages, cups, legs of a flight; 1 unless given, at most {@link MOST_UNITS}. */
  readonly units?: number;
  /** Of the whole job; what its units take by the profile unless given. */
  readonly duration?: Duration;
}

/** Units of one job. */
export const MOST_UNITS = 10_000;
