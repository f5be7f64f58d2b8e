import { type Clock, Milliseconds, PosternError, Seconds, sleep } from '@postern/core';
import type { Chance } from './chance.ts';
import { type Life, never } from './life.ts';
import { SimulatedLine } from './line.ts';
import type { Tally } from './tally.ts';

/** How likely each kind of trouble is for one exchange while the network is bad. */
export interface Trouble {
  readonly lost: number;
  readonly answerLost: number;
  readonly delayed: number;
  /** The request arrives a second time, later, its answer unheard. */
  readonly duplicated: number;
  /** A connection breaks amid a transfer. */
  readonly cut: number;
}

/** From one end to the other when nothing is wrong. */
export const LATENCY = Milliseconds(5);
const LONGEST_DELAY_SECONDS = 90;
const LONGEST_ECHO_MILLISECONDS = 120_000;

/** From one node to another. */
export interface Way<D extends Door> {
  /** For the story. */
  readonly label: string;
  readonly path: Path;
  /** The line that it crosses, if it can be broken ({@link SimulatedNetwork.line}). */
  readonly line?: string;
  readonly from: Life;
  /** Who listens there now; none while it is down. */
  readonly to: () => D | undefined;
}

export interface NetworkOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly trouble: Trouble;
  /** From then on (milliseconds on the monotonic clock) the network is perfect. */
  readonly healsAt: number;
  readonly tally: Tally;
  readonly tell: (line: string) => void;
}

/**
 * What a message crosses. `plain`: whoever is on it can send everything once more, at any time. `proved`: TLS, which
 * takes nothing twice, ends with the processes at both of its ends; still they may work off a message late, or one again that they gave up.
 */
export type Path = 'plain' | 'proved';

/** Somebody who listens, in one of his lives. */
export interface Door {
  readonly life: Life;
}

/**
 * Carries exchanges between nodes in memory. While it is bad, requests and answers get lost (told at once or only by
 * the silence), are late (so that they overtake each other, and arrive when nobody waits any more), or come twice.
 */
export class SimulatedNetwork {
  readonly #options: NetworkOptions;
  readonly #lines = new Map<string, SimulatedLine>();

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  get healed(): boolean {
    return this.#options.clock.monotonic() >= this.#options.healsAt;
  }

  /**
   * One exchange.
   *
   * @param work what the request does there; called again for a duplicate
   * @throws PosternError `unreachable`, `connection-lost`, what `work` throws, and the signal's reason
   */
  carry<D extends Door, T>(
    { line, ...way }: Way<D>,
    work: (door: D) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const whole = () => this.#carry(way, work, signal);
    const broken = line === undefined ? undefined : this.#lines.get(line);
    return broken === undefined ? whole() : broken.through(whole, signal);
  }

  /** The line of whoever calls out through it; from the first time on it can be broken. */
  line(name: string): SimulatedLine {
    const line = this.#lines.get(name) ?? new SimulatedLine(this.#options);
    this.#lines.set(name, line);
    return line;
  }

  /** Whether nothing passes on a line now. */
  isBroken(name: string): boolean {
    return (this.#lines.get(name)?.state ?? 'whole') !== 'whole';
  }

  #carry<D extends Door, T>(
    { label, path, from, to }: Omit<Way<D>, 'line'>,
    work: (door: D) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    return from.effect(label, async () => {
      const expected = to();
      await this.travel(label, signal, 'lingers');
      if (this.strikes('lost', label)) return this.#lose(signal);
      const door = to();
      if (door === undefined) throw new PosternError('unreachable', 'Nobody listens there');
      const connected = (now: D | undefined): boolean => from.alive && now?.life === expected?.life;
      if (path === 'proved' && !connected(door)) throw new PosternError('connection-lost', 'An end is gone');
      if (this.strikes('duplicated', label)) {
        this.#repeat(() => (path === 'plain' || connected(to()) ? to() : undefined), work);
      }
      const result = await unlessEnded(door.life, work(door));
      await this.travel(label, signal);
      if (this.strikes('answerLost', label)) return this.#lose(signal);
      return result;
    });
  }

  /** Takes the time of one way. `lingers`: what is late may still be under way when nobody waits for it any more. */
  async travel(label: string, signal: AbortSignal, given?: 'lingers'): Promise<void> {
    const { chance, clock } = this.#options;
    if (!this.strikes('delayed', label)) return sleep(clock, LATENCY, signal);
    const delay = Seconds(chance.between(1, LONGEST_DELAY_SECONDS));
    await sleep(clock, delay, given === 'lingers' && chance.happens(0.5) ? undefined : signal);
  }

  strikes(kind: keyof Trouble, label: string): boolean {
    const { chance, trouble, tally, tell } = this.#options;
    if (this.healed || !chance.happens(trouble[kind])) return false;
    tally.count(`network.${kind}`);
    tell(`network: ${label} ${kind}`);
    return true;
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

  #repeat<D extends Door>(to: () => D | undefined, work: (door: D) => Promise<unknown>): void {
    const { chance, clock } = this.#options;
    clock.schedule(Milliseconds(chance.between(1, LONGEST_ECHO_MILLISECONDS)), () => {
      const door = to();
      if (door !== undefined) work(door).catch(() => {});
    });
  }
}

/** A receiver that dies takes the connection with it; what it was doing has no further effect. */
export const unlessEnded = <T>(receiver: Life, work: Promise<T>): Promise<T> =>
  Promise.race([
    work.then(
      (result) => (receiver.alive ? result : never<T>()),
      (error: unknown) => {
        if (receiver.alive) throw error;
        return never<T>();
      },
    ),
    receiver.ended.then((): never => {
      throw new PosternError('connection-lost', 'The other end went down');
    }),
  ]);
