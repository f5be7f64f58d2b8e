import { PosternError } from '@postern/core';

/**
 * Kills a node at one of its boundaries: the moments right before and right after each durable write or
 * exchange. Counts over all lives of the node, so a run without a strike tells how many there are.
 */
export class KillPlan {
  /** Every boundary passed so far, in order: the address of a kill in a failing test's message. */
  readonly passed: string[] = [];
  readonly #strikes: ReadonlySet<number>;

  /** @param strikes numbers of boundaries, from 1 */
  constructor(...strikes: readonly number[]) {
    this.#strikes = new Set(strikes);
  }

  /** Notes a boundary; true when the node dies here. */
  pass(label: string): boolean {
    this.passed.push(label);
    return this.#strikes.has(this.passed.length);
  }
}

/** One run of a node's program, from its start until it ends or is killed. Whatever it does goes through here. */
export class Life {
  readonly #plan: KillPlan;
  readonly #end = new AbortController();
  readonly ended: Promise<void>;

  constructor(plan: KillPlan) {
    this.#plan = plan;
    this.ended = new Promise((resolve) => {
      this.#end.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  get alive(): boolean {
    return !this.#end.signal.aborted;
  }

  /** Nothing this life still has in flight will ever return. */
  end(): void {
    this.#end.abort();
  }

  /** An effect between two boundaries. In a life that is over it never returns and has no effect. */
  async effect<T>(label: string, work: () => T | Promise<T>): Promise<T> {
    if (!this.#survives(`before ${label}`)) return never();
    const result = await work();
    return this.#survives(`after ${label}`) ? result : never();
  }

  /** As {@link effect} for a synchronous write; the dead are stopped by an exception. */
  write(label: string, work: () => void): void {
    if (!this.#survives(`before ${label}`)) throw killed();
    work();
    if (!this.#survives(`after ${label}`)) throw killed();
  }

  #survives(boundary: string): boolean {
    if (!this.alive) return false;
    if (this.#plan.pass(boundary)) this.end();
    return this.alive;
  }
}

/** What happens to somebody who waits for the dead. */
export const never = <T>(): Promise<T> => new Promise<T>(() => {});

const killed = (): Error => new PosternError('killed', 'The process was killed');
