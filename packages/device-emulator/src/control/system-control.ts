import type { RemoteStep, StepObserver } from '@postern/contracts';
import { type Duration, errorCode, Milliseconds, Minutes } from '@postern/core';
import type { NvRamContent } from '../adapters/flash/nv-ram.ts';
import { type Application, applicationsOf, requireRunning } from '../domain/applications.ts';
import type { Job } from '../domain/job-queue.ts';
import { applicationNames, type DeviceProfile, jobOf } from '../domain/profile.ts';
import { type CallRecord, type CallResult, type ServiceCall, withCall } from '../domain/service-calls.ts';
import { afterUnit, fallen, type Supplies, suppliesLeft } from '../domain/supplies.ts';
import { deviceError } from '../errors.ts';
import { type EngineTrouble, type JobOrder, MOST_UNITS } from './engine-types.ts';
import { type NoticeContext, NoticeQueue } from './notice-queue.ts';

export interface SystemOptions extends NoticeContext {
  readonly deviceId: string;
  readonly profile: DeviceProfile;
  readonly onStep?: StepObserver | undefined;
}

/** What people are told of a trouble. */
export const TROUBLES: Readonly<Record<EngineTrouble, string>> = {
  'paper-jam': 'Paper is jammed in the engine',
  'engine-failure': 'The engine does not answer',
};

/** Sends a call to the intermediary. Never rejects. */
export type PlaceCall = (call: ServiceCall) => Promise<CallResult>;

/**
 * System control (SCS, Fig 7): stands between remote service and NV-RAM, and between jobs and the counters and supplies
 * that they feed and use. Lives for one power cycle; all it knows is in NV-RAM.
 *
 * @spec D1 D3 R5
 */
export class SystemControl {
  readonly notices: NoticeQueue;
  readonly #options: SystemOptions;

  constructor(options: SystemOptions) {
    this.#options = options;
    this.notices = new NoticeQueue(options);
  }

  get counters(): NvRamContent['counters'] {
    return this.#content.counters;
  }

  get parameters(): NvRamContent['parameters'] {
    return this.#content.parameters;
  }

  get applications(): readonly Application[] {
    return applicationsOf(applicationNames(this.#options.profile), this.#content);
  }

  /** Percent left of each. */
  get supplies(): Supplies {
    return suppliesLeft(this.#options.profile, this.#content.supplies);
  }

  /** The latest calls for service, the newest last. */
  get calls(): readonly CallRecord[] {
    return this.#content.calls ?? [];
  }

  /** Idle time of the engine before it saves energy; `undefined`: it never does. */
  get savesEnergyAfter(): Duration | undefined {
    const given = this.parameters['energy-saving-minutes'];
    const minutes = given === undefined ? this.#options.profile.engine.energySavingMinutes : Number(given);
    return minutes > 0 ? Minutes(minutes) : undefined;
  }

  /** Tells of a step of Fig 10 or 11 that this device takes. */
  step(step: RemoteStep, subject?: string): void {
    const { onStep, deviceId: node } = this.#options;
    onStep?.({ step, node, ...(subject === undefined ? {} : { subject }) });
  }

  /** The counters, for remote service (S604–S606). */
  readCounters(): NvRamContent['counters'] {
    this.step('S604');
    this.step('S605');
    const { counters } = this;
    this.step('S606');
    return counters;
  }

  /**
   * What an order means to the engine. Its application must run.
   *
   * @throws PosternError `job-kind-unknown`, `application-stopped`, `job-too-long`
   */
  jobFor({ kind, units = 1, duration }: JobOrder): Omit<Job, 'id'> {
    const { profile } = this.#options;
    const { application, secondsPerUnit, blocksUpdate } = jobOf(profile, kind);
    if (!Number.isInteger(units) || units < 1 || units > MOST_UNITS) {
      throw deviceError('job-too-long', `A job has 1 to ${MOST_UNITS} units`);
    }
    if (application !== undefined) requireRunning(applicationNames(profile), this.#content, application);
    const whole = duration ?? Milliseconds(units * secondsPerUnit * 1_000);
    return { kind, units, unitTime: Milliseconds(whole / units), blocksUpdate };
  }

  /** A unit of a job is made: counts it, takes from the supplies, and tells of those that run low. */
  unitMade(kind: string): void {
    const { profile } = this.#options;
    const { counter } = jobOf(profile, kind);
    const counted = this.#save('A counter', (content) => {
      const before = suppliesLeft(profile, content.supplies);
      const supplies = afterUnit(profile, before, kind);
      const low = fallen(profile, before, supplies).map((fall) => ({ kind: 'supply', ...fall }) as const);
      const counters = { ...content.counters, [counter]: (content.counters[counter] ?? 0) + 1 };
      return this.notices.with({ ...content, counters, supplies }, low);
    });
    void counted.then(() => this.notices.wake());
  }

  /**
   * Somebody has put a full one in.
   *
   * @throws PosternError `supply-unknown`, and those of NV-RAM
   */
  async refill(supply: string): Promise<void> {
    if (!Object.hasOwn(this.supplies, supply)) {
      throw deviceError('supply-unknown', `The device has no supply ${JSON.stringify(supply.slice(0, 64))}`);
    }
    await this.#options.nvRam.update((content) => ({
      ...content,
      supplies: { ...content.supplies, [supply]: 100 },
    }));
  }

  /** Something is out of order: the intermediary is told. Never rejects. */
  abnormality(code: string, text: string): Promise<void> {
    return this.notices.raise({ kind: 'abnormality', code, text });
  }

  /** A call from the panel, on its way to remote service (S702). Never rejects. */
  async callService(call: ServiceCall, place: PlaceCall): Promise<CallResult> {
    this.step('S702', call.callId);
    await this.#remember(() => ({ ...call, outcome: 'open' }));
    const result = await place(call);
    // What `ShowResult` has brought meanwhile is the later word.
    await this.#remember((calls) => {
      const known = calls.find(({ callId }) => callId === call.callId);
      return known === undefined || known.outcome === 'open' ? { ...call, outcome: result.outcome } : known;
    });
    return result;
  }

  get #content(): NvRamContent {
    return this.#options.nvRam.content;
  }

  #remember(change: (calls: readonly CallRecord[]) => CallRecord): Promise<void> {
    return this.#save('A call for service', (content) => {
      const calls = content.calls ?? [];
      return { ...content, calls: withCall(calls, change(calls)) };
    });
  }

  /** What could not be written is lost: what it belongs to is not undone for it. Never rejects. */
  async #save(what: string, change: (content: NvRamContent) => NvRamContent): Promise<void> {
    const { nvRam, logger } = this.#options;
    try {
      await nvRam.update(change);
    } catch (error) {
      logger.warn(`${what} was not saved`, { code: errorCode(error, 'internal-error') });
    }
  }
}
