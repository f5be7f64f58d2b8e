import type { Clock, Duration, Timer } from '@postern/core';

/** What is waited for, by a name that changes with it. */
export interface Due {
  readonly name: string;
  readonly after: Duration;
  /** Does not keep the process alive. */
  readonly background?: boolean;
  readonly run: () => void;
}

/** One timer for whatever comes next; it goes on while that is still the same. */
export class OneTimer {
  readonly #clock: Clock;
  #armed: { readonly name: string; readonly timer: Timer } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param due what is waited for from now on; `undefined`: nothing */
  arm(due: Due | undefined): void {
    if (due?.name === this.#armed?.name) return;
    this.#armed?.timer.cancel();
    this.#armed = undefined;
    if (due === undefined) return;
    const { name, after, background = false, run } = due;
    const fire = (): void => {
      this.#armed = undefined;
      run();
    };
    this.#armed = { name, timer: this.#clock.schedule(after, fire, { background }) };
  }
}
