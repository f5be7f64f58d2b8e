import { type Clock, type Duration, Milliseconds, PosternError, sleep } from '@postern/core';
import type { Chance } from './chance.ts';

/** What is lost comes when it was sent again: the least that TCP waits. */
const RETRANSMISSION = Milliseconds(200);

/** A line of the simulated network that breaks when it is told to. */
export class SimulatedLine {
  readonly #options: { readonly clock: Clock; readonly chance: Chance };
  #state: 'whole' | 'cut' | 'silent' = 'whole';
  #breaking = new AbortController();
  #delay: Duration = Milliseconds(0);
  #loss = 0;
  readonly #waiting = new Set<() => void>();

  constructor(options: { readonly clock: Clock; readonly chance: Chance }) {
    this.#options = options;
  }

  get state(): 'whole' | 'cut' | 'silent' {
    return this.#state;
  }

  /** What is connected breaks, and nothing connects. */
  cut(): void {
    this.#state = 'cut';
    this.#breaking.abort();
  }

  /** Nothing passes, and nobody is told. */
  blackhole(): void {
    this.#state = 'silent';
  }

  /** Sound again. */
  heal(): void {
    this.#state = 'whole';
    this.#breaking = new AbortController();
    this.#delay = Milliseconds(0);
    this.#loss = 0;
    for (const wake of [...this.#waiting]) wake();
  }

  /** How long everything is under way more, each way. */
  delay(duration: Duration): void {
    this.#delay = duration;
  }

  /** So large a part of the messages (0 to 1) is late. */
  lose(fraction: number): void {
    this.#loss = fraction;
  }

  /** An exchange across this line. @throws PosternError `connection-lost`, what `work` throws, and the signal's reason */
  through<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return untilBroken(this.#breaking.signal, async () => {
      await this.#pass(signal);
      const result = await work();
      await this.#pass(signal);
      return result;
    });
  }

  async #pass(signal: AbortSignal): Promise<void> {
    const { clock, chance } = this.#options;
    if (this.#state === 'silent') await this.#healed(signal);
    const late = this.#loss > 0 && chance.happens(this.#loss) ? RETRANSMISSION : 0;
    if (this.#delay + late > 0) await sleep(clock, Milliseconds(this.#delay + late), signal);
  }

  #healed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (work: () => void) => () => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', give);
        work();
      };
      const wake = end(resolve);
      const give = end(() => reject(signal.reason));
      this.#waiting.add(wake);
      if (signal.aborted) give();
      else signal.addEventListener('abort', give, { once: true });
    });
  }
}

const untilBroken = <T>(breaking: AbortSignal, work: () => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    const lose = (): void => reject(new PosternError('connection-lost', 'The line is cut'));
    if (breaking.aborted) {
      lose();
      return;
    }
    breaking.addEventListener('abort', lose, { once: true });
    work()
      .then(resolve, reject)
      .finally(() => breaking.removeEventListener('abort', lose));
  });
