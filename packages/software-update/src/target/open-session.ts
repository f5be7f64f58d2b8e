import { type Clock, type Instant, Milliseconds, type Timer } from '@postern/core';

/** The one open session: a newer login, the end of its credential or the device's stop ends it. */
export class OpenSession {
  readonly #clock: Clock;
  readonly #expiresAt: () => Instant | undefined;
  #current: { readonly revoked: AbortController; timer?: Timer } | undefined;

  /** @param expiresAt when the present credential ends; `undefined` when there is none */
  constructor(clock: Clock, expiresAt: () => Instant | undefined) {
    this.#clock = clock;
    this.#expiresAt = expiresAt;
  }

  /** Opens a session in place of the one before. */
  open(): { readonly revoked: AbortSignal; readonly ended: () => void } {
    this.end();
    const session = { revoked: new AbortController() };
    this.#current = session;
    this.expiryChanged();
    return {
      revoked: session.revoked.signal,
      ended: () => {
        if (this.#current === session) this.#forget();
      },
    };
  }

  /** Drops the session's connection. */
  end(): void {
    const session = this.#current;
    this.#forget();
    session?.revoked.abort();
  }

  /** The credential that the session stands on has got another lifetime. */
  expiryChanged(): void {
    const session = this.#current;
    if (session === undefined) return;
    session.timer?.cancel();
    const rest = (this.#expiresAt() ?? 0) - this.#clock.now();
    session.timer = this.#clock.schedule(Milliseconds(Math.max(rest, 0)), () => this.end(), {
      background: true,
    });
  }

  #forget(): void {
    this.#current?.timer?.cancel();
    this.#current = undefined;
  }
}
