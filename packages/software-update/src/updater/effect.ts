import type { UpdaterPorts } from '../ports/updater-ports.ts';
import type { CancellationHold } from './cancellation.ts';
import type { UpdaterEvent } from './events.ts';
import type { UpdateJob, UpdaterState } from './state.ts';
import type { TargetSession } from './target-session.ts';

/** An event without its time: the driver adds that. */
export type Happening = UpdaterEvent extends infer E
  ? E extends UpdaterEvent
    ? Omit<E, 'now'>
    : never
  : never;

/** What an effect works with. */
export interface EffectContext {
  readonly state: UpdaterState;
  readonly job: UpdateJob;
  readonly ports: UpdaterPorts;
  readonly session: TargetSession;
  readonly signal: AbortSignal;
  /** This process has just taken the update up: it cannot know how far the one before it came. */
  readonly reentered: boolean;
  readonly cancellation: CancellationHold;
}

/** What a phase does in the world; it may be repeated. */
export type Effect = (context: EffectContext) => Promise<Happening>;
