import { type Clock, Milliseconds, PosternError, Seconds, sleep } from '@postern/core';
import type { Chance } from './chance.ts';
import { type Life, never } from './life.ts';

/** How likely each kind of trouble is for one exchange while the network is bad. */
export interface Trouble {
  readonly lost: number;
  readonly answerLost: number;
  readonly delayed: number;
  /** The request arrives a second time, later, its answer unheard. */
  readonly duplicated: number;
}

const LATENCY = Milliseconds(5);
const LONGEST_DELAY_SECONDS = 90;

export interface NetworkOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly trouble: Trouble;
  /** From then on (on the monotonic clock) the network is perfect. */
  readonly healsAt: number;
}

/**
 * Carries exchanges between nodes in memory. While it is bad, requests and answers get lost (told at once or only by
 * the silence), are late (so that they overtake each other), or come twice.
 */
export class SimulatedNetwork {
  readonly #options: NetworkOptions;
  /** What went wrong, for the story of a failing seed. */
  readonly troubles: string[] = [];

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  get healed(): boolean {
    return this.#options.clock.monotonic() >= this.#options.healsAt;
  }

  /**
   * One exchange.
   *
   * @param to the receiver's present life; none while it is down
   * @param work what the request does there; called again for a duplicate
   * @throws PosternError `unreachable`, `connection-lost`, what `work` throws, and the signal's reason
   */
  carry<T>(
    label: string,
    from: Life,
    to: () => Life | undefined,
    work: () => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    return from.effect(label, async () => {
      await this.#travel(label, signal);
      if (this.#strikes('lost', label)) return this.#lose(signal);
      const receiver = to();
      if (receiver === undefined) throw new PosternError('unreachable', 'Nobody listens there');
      if (this.#strikes('duplicated', label)) this.#repeat(to, work);
      const result = await unlessEnded(receiver, work());
      await this.#travel(label, signal);
      if (this.#strikes('answerLost', label)) return this.#lose(signal);
      return result;
    });
  }

  async #travel(label: string, signal: AbortSignal): Promise<void> {
    const { chance, clock } = this.#options;
    const late = this.#strikes('delayed', label);
    await sleep(clock, late ? Seconds(chance.between(1, LONGEST_DELAY_SECONDS)) : LATENCY, signal);
  }

  /** A reset connection is noticed at once, a silent one by whoever waits. */
  #lose(signal: AbortSignal): Promise<never> {
    if (this.#options.chance.happens(0.7)) {
      throw new PosternError('connection-lost', 'The network did not carry it');
    }
    return new Promise((_, reject) => {
      const give = (): void => reject(signal.reason);
      if (signal.aborted) give();
      else signal.addEventListener('abort', give, { once: true });
    });
  }

  #repeat(to: () => Life | undefined, work: () => Promise<unknown>): void {
    const { chance, clock } = this.#options;
    clock.schedule(Milliseconds(chance.between(1, 120_000)), () => {
      if (to() !== undefined) work().catch(() => {});
    });
  }

  #strikes(kind: keyof Trouble, label: string): boolean {
    const { chance, trouble, clock } = this.#options;
    if (this.healed || !chance.happens(trouble[kind])) return false;
    this.troubles.push(`${clock.monotonic()} ms: ${label} ${kind}`);
    return true;
  }
}

/** A receiver that dies takes the connection with it; what it was doing has no further effect. */
const unlessEnded = <T>(receiver: Life, work: Promise<T>): Promise<T> =>
  Promise.race([
    work.then((result) => (receiver.alive ? result : never<T>())),
    receiver.ended.then((): never => {
      throw new PosternError('connection-lost', 'The other end went down');
    }),
  ]);
