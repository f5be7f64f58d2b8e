import type { Instant } from '@postern/core';
import type { JobProgress } from './control/engine-types.ts';
import type { Application } from './domain/applications.ts';
import type { EngineState, SignalChange } from './domain/engine-power.ts';
import type { CallRecord } from './domain/service-calls.ts';
import type { ProgramKind } from './program.ts';

/** `halted`: the device tried to start and could not; the log says why. */
export type PowerState = 'off' | 'starting' | 'running' | 'halted';

/** What can be seen of a device at a moment. Plain data. */
export interface DeviceView {
  readonly id: string;
  readonly model: string;
  /** What it is, for people. */
  readonly description: string;
  readonly at: Instant;
  readonly power: PowerState;
  readonly program?: ProgramKind;
  /** Versions that run, by component. */
  readonly versions: Readonly<Record<string, string>>;
  /** Lines of the display, the newest last. */
  readonly panel: readonly string[];
  /** A call for service is under way. */
  readonly calling: boolean;
  readonly calls: readonly CallRecord[];
  readonly engine: { readonly state: EngineState; readonly busy: boolean; readonly jammed: boolean };
  /** Both lines between controller and engine, at each of their latest changes. */
  readonly signals: readonly SignalChange[];
  readonly jobs: readonly JobProgress[];
  /** Kinds of jobs that the device can do. */
  readonly jobKinds: readonly string[];
  readonly counters: Readonly<Record<string, number>>;
  /** Percent left. */
  readonly supplies: Readonly<Record<string, number>>;
  readonly applications: readonly Application[];
}
