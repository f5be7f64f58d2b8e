import type { StepEvent } from '@postern/contracts';
import { type Clock, type Duration, Milliseconds, PosternError, Seconds, withDeadline } from '@postern/core';
import { testbedError } from '../errors.ts';
import { type Neighbours, sequenceLine } from './sequence-line.ts';

/** How long a step may take to come. */
const PATIENCE: Duration = Seconds(60);
/** Steps that are kept: more than any test takes. */
const MOST_STEPS = 10_000;

/** What a step is looked for by; what is absent may be anything. */
export interface WantedStep {
  /** Its number: `S111`, `S603`. */
  readonly step: string;
  /** Of a step of an update. Default: `done`. */
  readonly outcome?: 'started' | 'done' | 'failed';
  /** The device that it is about, or that takes it. */
  readonly device?: string;
  /** The node that takes it; of an update, the updater. */
  readonly node?: string;
  /** The update, request or call. */
  readonly subject?: string;
  /** Only what came after this many steps ({@link StepLog.count}). */
  readonly after?: number;
}

/** A step with the time at which it was told. */
export type LoggedStep = StepEvent & {
  /** Since the log was begun. */
  readonly at: Duration;
};

export interface StepLogOptions {
  readonly clock: Clock;
  /** Who is above and below whom, for the printed sequence. */
  readonly neighbours?: Neighbours;
  readonly patience?: Duration;
}

/**
 * The steps of a topology, of all kinds, as its nodes took them: of updates from the journals of the updaters (Fig 13, 17,
 * 21, 22, 24), of requests (Fig 10) and of calls (Fig 11).
 */
export class StepLog {
  readonly #options: StepLogOptions;
  readonly #begun: Duration;
  #steps: readonly LoggedStep[] = [];
  #forgotten = 0;
  readonly #waiting = new Set<() => void>();

  constructor(options: StepLogOptions) {
    this.#options = options;
    this.#begun = options.clock.monotonic();
  }

  /** The observer that nodes tell their steps. */
  readonly observe = (event: StepEvent): void => {
    const at = Milliseconds(this.#options.clock.monotonic() - this.#begun);
    const all = [...this.#steps, { ...event, at }];
    this.#steps = all.slice(-MOST_STEPS);
    this.#forgotten += all.length - this.#steps.length;
    for (const look of [...this.#waiting]) look();
  };

  /** Steps told so far: a mark for {@link WantedStep.after}. */
  get count(): number {
    return this.#forgotten + this.#steps.length;
  }

  /** All steps, in the order in which they were told. */
  get events(): readonly LoggedStep[] {
    return this.#steps;
  }

  /** All steps, in the order in which they were told; `S603 site-a` each. */
  get all(): readonly string[] {
    return this.#steps.map(lineOf);
  }

  /** All steps of one update, request or call, in the order in which they were told; `S603 site-a` each. */
  of(subject: string): readonly string[] {
    return this.#steps.filter((event) => event.subject === subject).map(lineOf);
  }

  /** The sequence so far, a line each: time, number, who → who, what, subject. What a failing expectation prints. */
  print(): string {
    const { neighbours } = this.#options;
    return this.#steps
      .filter((step, at) => !isRepeated(step, this.#steps[at - 1]))
      .map((step) => sequenceLine(step, this.#steps, neighbours))
      .join('\n');
  }

  /** Forgets what came so far. */
  clear(): void {
    this.#forgotten += this.#steps.length;
    this.#steps = [];
  }

  /**
   * Waits for a step, which may have been taken already.
   *
   * @throws PosternError `expectation-unmet` with the steps that came instead
   */
  async reached(
    wanted: WantedStep,
    limit: Duration = this.#options.patience ?? PATIENCE,
  ): Promise<LoggedStep> {
    try {
      return await withDeadline(
        this.#options.clock,
        limit,
        `The wait for ${wanted.step}`,
        undefined,
        (signal) => this.#come(wanted, signal),
      );
    } catch (cause) {
      throw testbedError(
        'expectation-unmet',
        `${describe(wanted)} did not come; what came:\n${this.print()}`,
        cause,
      );
    }
  }

  #find({ after = 0, ...wanted }: WantedStep): LoggedStep | undefined {
    return this.#steps.slice(Math.max(after - this.#forgotten, 0)).find((event) => fits(event, wanted));
  }

  #come(wanted: WantedStep, signal: AbortSignal): Promise<LoggedStep> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const found = this.#find(wanted);
        if (found === undefined) return;
        this.#waiting.delete(look);
        resolve(found);
      };
      this.#waiting.add(look);
      signal.addEventListener('abort', () => {
        this.#waiting.delete(look);
        reject(new PosternError('cancelled', 'The step did not come'));
      });
      look();
    });
  }
}

const lineOf = ({ step, node }: StepEvent): string => `${step} ${node}`;

/** Idle polls and tries that fail for the same reason stand once. */
const isRepeated = (step: StepEvent, before: StepEvent | undefined): boolean =>
  before !== undefined && sameness(step) === sameness(before);

const sameness = (step: StepEvent): string => {
  const what = 'outcome' in step ? [step.outcome, step.code ?? ''] : [];
  return [step.step, step.node, step.subject ?? '', ...what].join(' ');
};

const describe = ({ step, outcome, ...rest }: WantedStep): string =>
  [step, outcome, ...Object.entries(rest).map(([key, value]) => `${key}=${value}`)]
    .filter((part) => part !== undefined)
    .join(' ');

const fits = (event: StepEvent, { step, outcome = 'done', device, node, subject }: WantedStep): boolean =>
  event.step === step &&
  ('outcome' in event ? event.outcome === outcome : true) &&
  (device === undefined || ('device' in event ? event.device : event.node) === device) &&
  (node === undefined || event.node === node) &&
  (subject === undefined || event.subject === subject);
