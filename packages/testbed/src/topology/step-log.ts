import type { RemoteStep, RemoteStepEvent } from '@postern/contracts';
import { type Clock, type Duration, PosternError, Seconds, withDeadline } from '@postern/core';
import { testbedError } from '../errors.ts';

/** How long a step may take to come. */
const PATIENCE: Duration = Seconds(60);
/** Steps that are kept: more than any test takes. */
const MOST_STEPS = 10_000;

/** What a step is looked for by. */
export interface WantedStep {
  readonly step: RemoteStep;
  readonly node?: string;
  readonly subject?: string;
}

/** The steps of Fig 10 and Fig 11 as the nodes of a topology took them. */
export class StepLog {
  readonly #clock: Clock;
  #steps: RemoteStepEvent[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The observer that nodes tell their steps. */
  readonly observe = (event: RemoteStepEvent): void => {
    this.#steps = [...this.#steps, event].slice(-MOST_STEPS);
    for (const look of [...this.#waiting]) look();
  };

  /** All steps, in the order in which they were told; `S603 site-a` each. */
  get all(): readonly string[] {
    return this.#steps.map(lineOf);
  }

  /** All steps of one request or call, in the order in which they were told; `S603 printer-1` each. */
  of(subject: string): readonly string[] {
    return this.#steps.filter((event) => event.subject === subject).map(lineOf);
  }

  /** Every step so far, a line each: what a failing test prints. */
  print(): string {
    return this.#steps
      .map(({ step, node, subject }) => `${step} ${node}${subject === undefined ? '' : ` ${subject}`}`)
      .join('\n');
  }

  /** Forgets what came so far. */
  clear(): void {
    this.#steps = [];
  }

  /**
   * Waits for a step, which may have been taken already.
   *
   * @throws PosternError `expectation-unmet` with the steps that came instead
   */
  async reached(wanted: WantedStep, limit: Duration = PATIENCE): Promise<RemoteStepEvent> {
    const find = () => this.#steps.find((event) => fits(event, wanted));
    try {
      return await withDeadline(
        this.#clock,
        limit,
        `The wait for ${wanted.step}`,
        undefined,
        (signal) =>
          new Promise<RemoteStepEvent>((resolve, reject) => {
            const look = (): void => {
              const found = find();
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
          }),
      );
    } catch (cause) {
      throw testbedError(
        'expectation-unmet',
        `${wanted.step} did not come; what came:\n${this.print()}`,
        cause,
      );
    }
  }
}

const lineOf = ({ step, node }: RemoteStepEvent): string => `${step} ${node}`;

const fits = (event: RemoteStepEvent, { step, node, subject }: WantedStep): boolean =>
  event.step === step &&
  (node === undefined || event.node === node) &&
  (subject === undefined || event.subject === subject);
