import {
  between,
  type Clock,
  type Duration,
  errorMessage,
  type Instant,
  type Logger,
  Milliseconds,
  Minutes,
  type Timer,
} from '@postern/core';

export interface DeadlineTimerParts {
  readonly clock: Clock;
  readonly logger: Logger;
  /** What has deadlines, for the log. */
  readonly what: string;
  /** Reads the nearest deadline. */
  readonly nearest: () => Instant | undefined;
  /** Ends whatever is overdue. */
  readonly expire: (now: Instant) => void;
}

/** After the database failed. */
const RETRY_DELAY = Minutes(1);

/** One timer for many deadlines: the nearest is in memory, so that asking costs no read while none is due. */
export class DeadlineTimer {
  readonly #parts: DeadlineTimerParts;
  #next: Instant | undefined;
  #timer: Timer | undefined;

  constructor(parts: DeadlineTimerParts) {
    this.#parts = parts;
    this.#next = parts.nearest();
    this.#arm();
  }

  /** There is a deadline more. */
  add(deadline: Instant): void {
    if (this.#next !== undefined && deadline >= this.#next) return;
    this.#next = deadline;
    this.#arm();
  }

  /** Ends what is overdue at this moment. */
  expireDue(): void {
    const { clock, nearest, expire } = this.#parts;
    const now = clock.now();
    if (this.#next === undefined || this.#next > now) return;
    expire(now);
    this.#next = nearest();
  }

  close(): void {
    this.#timer?.cancel();
  }

  #arm(atLeast: Duration = Milliseconds(0)): void {
    this.#timer?.cancel();
    if (this.#next === undefined) return;
    const { clock } = this.#parts;
    const delay = Milliseconds(Math.max(atLeast, between(clock.now(), this.#next)));
    this.#timer = clock.schedule(delay, () => this.#onTimer(), { background: true });
  }

  #onTimer(): void {
    try {
      this.expireDue();
      this.#arm();
    } catch (error) {
      const { logger, what } = this.#parts;
      logger.error(`Overdue ${what} could not be ended`, { error: errorMessage(error) });
      this.#arm(RETRY_DELAY);
    }
  }
}
