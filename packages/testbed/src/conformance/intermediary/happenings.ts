import type { device, uplink } from '@postern/contracts';
import { type Clock, type Duration, errorCode, withDeadline } from '@postern/core';
import { failed } from '../verdicts.ts';

/** What the intermediary under test did, as the server and the device that are played for it saw it. */
export type Happening =
  | { readonly kind: 'poll'; readonly node: string; readonly poll: uplink.Poll; readonly at: Duration }
  /** The answer to a poll went down, or nobody waited for it any more. */
  | { readonly kind: 'poll-answered'; readonly empty: boolean; readonly lost: boolean; readonly at: Duration }
  | { readonly kind: 'delivery'; readonly delivery: uplink.Deliver }
  | { readonly kind: 'image'; readonly sha256: string; readonly bytes: number }
  /** It sent something that the contract does not allow. */
  | { readonly kind: 'wrong'; readonly at: 'uplink' | 'device'; readonly reason: string }
  /** On a connection to the server that is played something was asked for, or it ended before. */
  | { readonly kind: 'connection'; readonly shown: 'own' | 'other'; readonly asked: boolean }
  | { readonly kind: 'device-call'; readonly operation: string; readonly request: unknown }
  | { readonly kind: 'login'; readonly opened: boolean }
  | { readonly kind: 'report-read'; readonly nonce: string | undefined }
  | {
      readonly kind: 'image-stored';
      readonly component: string;
      readonly sha256: string;
      readonly bytes: number;
    }
  | { readonly kind: 'restarted' };

type OfKind<K extends Happening['kind']> = Extract<Happening, { readonly kind: K }>;

/** Waiting for something that has to happen. */
export interface Awaited {
  /** What it is, for the verdict: `No poll came`. */
  readonly otherwise: string;
  /** What to do when it does not come. */
  readonly next: string;
  readonly within: Duration;
  /** Only what happens from this mark on counts. */
  readonly from?: number;
}

/** So much is remembered; a run of checks makes far less. */
const MOST = 100_000;

/** What happened, in its order, for whoever waits for it. */
export class Happenings {
  readonly #clock: Clock;
  readonly #all: Happening[] = [];
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Where it stands now. */
  get mark(): number {
    return this.#all.length;
  }

  add(happening: Happening): void {
    if (this.#all.length >= MOST) return;
    this.#all.push(happening);
    for (const wake of [...this.#waiting]) wake();
  }

  /** What has happened since a mark, for itself. */
  since(mark: number): Happenings {
    const part = new Happenings(this.#clock);
    part.#all.push(...this.#all.slice(mark));
    return part;
  }

  /** All of one kind from a mark on. */
  of<K extends Happening['kind']>(kind: K, from = 0): readonly OfKind<K>[] {
    return this.#all.slice(from).filter((one): one is OfKind<K> => one.kind === kind);
  }

  /** Where the first of a kind that fits stands; -1 where there is none. */
  place<K extends Happening['kind']>(
    kind: K,
    fits: (one: OfKind<K>) => boolean = () => true,
    from = 0,
  ): number {
    return this.#all.findIndex((one, at) => at >= from && one.kind === kind && fits(one as OfKind<K>));
  }

  /**
   * Waits until something of a kind happens that fits.
   *
   * @throws PosternError `not-conforming` when it does not in time
   */
  async first<K extends Happening['kind'], F>(
    kind: K,
    find: (one: OfKind<K>) => F | undefined,
    { otherwise, next, within, from = 0 }: Awaited,
    signal?: AbortSignal,
  ): Promise<F> {
    const look = (): F | undefined => {
      for (const one of this.of(kind, from)) {
        const found = find(one);
        if (found !== undefined) return found;
      }
      return undefined;
    };
    try {
      return await withDeadline(this.#clock, within, otherwise, signal, (bounded) =>
        this.#until(look, bounded),
      );
    } catch (error) {
      if (signal?.aborted || errorCode(error, '') !== 'deadline-exceeded') throw error;
      const wrong = this.of('wrong', from).at(-1);
      const why = wrong === undefined ? '' : `; what it sent last was refused: ${wrong.reason}`;
      throw failed(`${otherwise} within ${within / 1_000} s${why}`, next);
    }
  }

  async #until<F>(look: () => F | undefined, signal: AbortSignal): Promise<F> {
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      await new Promise<void>((resolve, reject) => {
        const over = (): void => {
          this.#waiting.delete(wake);
          reject(signal.reason);
        };
        const wake = (): void => {
          this.#waiting.delete(wake);
          signal.removeEventListener('abort', over);
          resolve();
        };
        this.#waiting.add(wake);
        signal.addEventListener('abort', over, { once: true });
      });
    }
  }
}

/** A call of the device that was played, as its contract has it. */
export const requestTo = <O extends keyof DeviceRequests>(
  { operation, request }: OfKind<'device-call'>,
  wanted: O,
): DeviceRequests[O] | undefined => (operation === wanted ? (request as DeviceRequests[O]) : undefined);

interface DeviceRequests {
  readonly GetCounters: device.GetCounters;
  readonly ExecuteCommand: device.ExecuteCommand;
  readonly ShowResult: device.ShowResult;
  readonly StoreOneTimePassword: device.StoreOneTimePassword;
}
