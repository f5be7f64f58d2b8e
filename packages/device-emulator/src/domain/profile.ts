import type { BulkPathKind } from '@postern/software-update';
import { deviceError } from '../errors.ts';
import type { Constraint } from './constraint.ts';

/**
 * A kind of device, as a file of `profiles/` describes it (Fig 25): data only, so that another kind is another file. Names
 * that one part uses of another (counters, supplies, jobs, …) exist: the loader has seen to that.
 *
 * @spec T4
 */
export interface DeviceProfile {
  readonly name: string;
  /** The model that manifests must name, unless a device overrides it. */
  readonly model: string;
  /** What it is, for programs: `printer`, `aircraft`. */
  readonly kind: string;
  /** What it is, for people. */
  readonly description: string;
  /**
   * What its software consists of: applications are updated like the firmware, and with it.
   *
   * @spec U19
   */
  readonly components: readonly string[];
  /** Its bulk path, unless a device overrides it. */
  readonly bulkPathKind: BulkPathKind;
  readonly engine: EngineTimes;
  /** What its engine can do, by name. */
  readonly jobs: Readonly<Record<string, JobProfile>>;
  /** Values as they leave the factory, by name. */
  readonly counters: Readonly<Record<string, number>>;
  readonly parameters: Readonly<Record<string, ParameterProfile>>;
  readonly commands: Readonly<Record<string, CommandProfile>>;
  readonly applications: Readonly<Record<string, ApplicationProfile>>;
  readonly supplies: Readonly<Record<string, SupplyProfile>>;
  /** What it has on board when it is on its own: it moves, and talks to the server by itself (T3). */
  readonly carries: { readonly intermediary: boolean; readonly firewall: boolean };
}

export interface EngineTimes {
  /** From power-on, or from waking, until the engine can work. */
  readonly startSeconds: number;
  /** Idle time until it saves energy; 0: never. A parameter `energy-saving-minutes` overrides it. */
  readonly energySavingMinutes: number;
}

export interface JobProfile {
  /** Counts its units. */
  readonly counter: string;
  /** How long one unit (a page, a cup, a leg of a flight) takes. */
  readonly secondsPerUnit: number;
  /** An installation waits for its end (U5); what does not block it is ended by the restart. */
  readonly blocksUpdate: boolean;
  /** The application that runs it; absent: part of the firmware. */
  readonly application?: string | undefined;
  /** How much of a supply one unit uses, in percent of a full one. */
  readonly supplies: Readonly<Record<string, number>>;
}

export interface ParameterProfile {
  readonly initial: string;
  readonly constraint: Constraint;
  /** Only the device itself changes it. */
  readonly readOnly: boolean;
}

export interface ArgumentProfile {
  readonly constraint: Constraint;
  /** Taken when the argument is not given; absent: it must be given. */
  readonly default?: string | undefined;
}

export interface CommandProfile {
  readonly description: string;
  readonly arguments: Readonly<Record<string, ArgumentProfile>>;
  readonly effect: CommandEffect;
}

/** A text of the profile, or what an argument of the command says. */
export type Source = { readonly value: string } | { readonly argument: string };

/** All that a command can do. */
export type CommandEffect =
  | { readonly do: 'reset-counter'; readonly counter: string }
  /** @param units how many; the argument has an integer constraint */
  | { readonly do: 'start-job'; readonly job: string; readonly units: Source }
  | { readonly do: 'restart' }
  | { readonly do: 'set-parameter'; readonly parameter: string; readonly to: Source }
  | { readonly do: 'raise-abnormality'; readonly code: string; readonly text: string }
  /** Shows that it is this one, and answers with the text. */
  | { readonly do: 'identify'; readonly text: string };

export interface ApplicationProfile {
  /** As it leaves the factory. */
  readonly state: 'running' | 'stopped';
  /** The component that it is updated as; absent: it comes with the firmware. */
  readonly component?: string | undefined;
}

export interface SupplyProfile {
  /** What is left as it leaves the factory, in percent. */
  readonly initialPercent: number;
  /** At this much, and below, the device says that it runs low. */
  readonly lowPercent: number;
}

/** The parameters of a kind of device as they leave the factory. */
export const factoryParameters = ({ parameters }: DeviceProfile): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(parameters).map(([name, { initial }]) => [name, initial]));

/** A job that an installation waits for, if the kind of device has one. */
export const blockingJob = ({ jobs }: DeviceProfile): string | undefined =>
  Object.keys(jobs).find((name) => jobs[name]?.blocksUpdate);

/** The names of its applications. */
export const applicationNames = ({ applications }: DeviceProfile): readonly string[] =>
  Object.keys(applications);

/**
 * A job that the device can do.
 *
 * @throws PosternError `job-kind-unknown`
 */
export const jobOf = ({ name, jobs }: DeviceProfile, kind: string): JobProfile => {
  const job = Object.hasOwn(jobs, kind) ? jobs[kind] : undefined;
  if (job !== undefined) return job;
  const known = Object.keys(jobs).join(', ');
  throw deviceError(
    'job-kind-unknown',
    `A device of profile ${name} has no ${kind.slice(0, 64)} jobs; it has ${known}`,
  );
};

/**
 * The application that runs jobs of a kind; `undefined` when they are part of the firmware.
 *
 * @throws PosternError `job-kind-unknown`
 */
export const applicationOf = (profile: DeviceProfile, kind: string): string | undefined =>
  jobOf(profile, kind).application;

/** Applications that leave the factory stopped. */
export const stoppedAtFirst = ({ applications }: DeviceProfile): readonly string[] =>
  Object.keys(applications).filter((name) => applications[name]?.state === 'stopped');
