import { type Clock, type Duration, Milliseconds, type Timer } from '@postern/core';

/** Whose fault a stalled transfer is: the other side's, or that of our own source or receiver. */
export type StalledSide = 'peer' | 'local';

export interface TransferWatchOptions {
  readonly clock: Clock;
  /** The peer must move `leastBytes` in every interval. */
  readonly interval: Duration;
  readonly leastBytes: number;
  /** How long one call into our own source or receiver may take. The peer is not blamed meanwhile. */
  readonly localPatience: Duration;
  readonly onStall: (side: StalledSide) => void;
}

/** Finds transfers that no longer move, with one timer per interval and one addition per chunk. */
export class TransferWatch {
  readonly #options: TransferWatchOptions;
  #timer: Timer | undefined;
  #moved = 0;
  #waitingSince: Duration | undefined;

  constructor(options: TransferWatchOptions) {
    this.#options = options;
    this.#arm(options.interval);
  }

  /** Notes progress made by the peer. */
  moved(bytes: number): void {
    this.#moved += bytes;
  }

  /** Waits for our own side; the time counts against `localPatience`. */
  async waitLocally<T>(work: () => Promise<T>): Promise<T> {
    this.#waitingSince = this.#options.clock.monotonic();
    try {
      return await work();
    } finally {
      this.#waitingSince = undefined;
    }
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(delay: Duration): void {
    this.#timer = this.#options.clock.schedule(delay, () => this.#check(), { background: true });
  }

  #check(): void {
    const { clock, interval, leastBytes, localPatience, onStall } = this.#options;
    const waiting = this.#waitingSince;
    const patienceLeft = waiting === undefined ? interval : waiting + localPatience - clock.monotonic();
    if (patienceLeft <= 0) onStall('local');
    else if (waiting === undefined && this.#moved < leastBytes) onStall('peer');
    else this.#arm(Milliseconds(Math.min(patienceLeft, interval)));
    this.#moved = 0;
  }
}
