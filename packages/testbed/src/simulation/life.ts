import { type Clock, Milliseconds } from '@postern/core';
import { testbedError } from '../errors.ts';

/** What a death is drawn for: the moments right before and right after each durable write and each exchange. */
export type MayDie = (boundary: string) => boolean;

/**
 * One run of a node's program, from its start until it ends or is killed. Whatever it does goes through here, so that
 * nothing a dead process still had in flight has any effect.
 */
export class Life {
  /** The node's clock: in whole milliseconds, as a process has it. Timers of the dead do not fire. */
  readonly clock: Clock;
  readonly #mayDie: MayDie;
  readonly ended: Promise<void>;
  #alive = true;
  #tellEnd: () => void = () => {};

  constructor(clock: Clock, mayDie: MayDie) {
    this.#mayDie = mayDie;
    this.clock = {
      now: () => clock.now(),
      monotonic: () => clock.monotonic(),
      schedule: (delay, callback) =>
        clock.schedule(Milliseconds(Math.ceil(delay)), () => this.#fire(callback)),
    };
    this.ended = new Promise((resolve) => {
      this.#tellEnd = resolve;
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Ends it at this very moment. */
  end(): void {
    this.#alive = false;
    this.#tellEnd();
  }

  /** An effect between two boundaries. In a life that is over it has no effect and never returns. */
  async effect<T>(label: string, work: () => T | Promise<T>): Promise<T> {
    if (!this.#survives(`before ${label}`)) return never();
    const result = await work();
    return this.#survives(`after ${label}`) ? result : never();
  }

  /** A synchronous write between two boundaries; the dead are stopped by an exception. */
  write<T>(label: string, work: () => T): T {
    if (!this.#survives(`before ${label}`)) throw killed();
    const result = work();
    if (!this.#survives(`after ${label}`)) throw killed();
    return result;
  }

  /** A synchronous read: the dead read nothing. */
  read<T>(work: () => T): T {
    if (!this.alive) throw killed();
    return work();
  }

  #fire(callback: () => void): void {
    if (!this.alive) return;
    try {
      callback();
    } catch (error) {
      if (this.alive) throw error;
    }
  }

  #survives(boundary: string): boolean {
    if (!this.alive) return false;
    if (this.#mayDie(boundary)) this.end();
    return this.alive;
  }
}

/** What happens to somebody who waits for the dead. */
export const never = <T>(): Promise<T> => new Promise<T>(() => {});

const killed = (): Error => testbedError('killed', 'The process was killed');
