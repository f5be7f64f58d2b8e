import { type Clock, type Duration, Milliseconds, PosternError, sleep } from '@postern/core';
import { refuse } from '../faults/refusal.ts';
import type { LineShape } from '../firewall/index.ts';
import type { Chance } from './chance.ts';

/** What is lost comes when it was sent again: the least that TCP waits. */
const RETRANSMISSION = Milliseconds(200);

/** A line of the simulated network that breaks when it is told to. */
export class SimulatedLine {
  readonly #options: { readonly clock: Clock; readonly chance: Chance };
  #state: 'whole' | 'cut' | 'silent' = 'whole';
  #breaking = new AbortController();
  #shape: LineShape = {};
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

  /** Ends {@link cut} and {@link blackhole}. */
  restore(): void {
    this.#state = 'whole';
    this.#breaking = new AbortController();
    for (const wake of [...this.#waiting]) wake();
  }

  get shaped(): LineShape {
    return this.#shape;
  }

  /**
   * The line is like this from now on. What is lost are whole messages.
   *
   * @throws PosternError `not-in-this-run` for a rate: messages have no length here
   */
  shape(line: LineShape): void {
    if (line.bytesPerSecond !== undefined) refuse('a rate of a line', 'virtual');
    this.#shape = line;
  }

  /** An exchange across this line. @throws PosternError `connection-lost`, what `work` throws, and the signal's reason */
  through<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return untilBroken(this.#breaking.signal, async () => {
      const { idleTimeout } = this.#shape;
      await this.#pass(signal);
      const result = await this.#unlessIdle(idleTimeout, work());
      await this.#pass(signal);
      return result;
    });
  }

  /** Between request and answer nothing passes: a connection that is held for longer is forgotten. */
  #unlessIdle<T>(idleTimeout: Duration | undefined, work: Promise<T>): Promise<T> {
    if (idleTimeout === undefined) return work;
    return new Promise((resolve, reject) => {
      const timer = this.#options.clock.schedule(idleTimeout, () =>
        reject(new PosternError('connection-lost', 'The idle connection was dropped')),
      );
      work.then(resolve, reject).finally(() => timer.cancel());
    });
  }

  async #pass(signal: AbortSignal): Promise<void> {
    const { clock, chance } = this.#options;
    const { delay = 0, loss = 0 } = this.#shape;
    if (this.#state === 'silent') await this.#healed(signal);
    const late = loss > 0 && chance.happens(loss) ? RETRANSMISSION : 0;
    if (delay + late > 0) await sleep(clock, Milliseconds(delay + late), signal);
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
