import { type Entropy, type Logger, Seconds, sleep } from '@postern/core';
import type { VirtualClock } from '@postern/core/testing';
import {
  initialState,
  type JournalEntry,
  runUpdate,
  type UpdateJob,
  type UpdateMailbox,
  type UpdateOutcome,
  type UpdaterPorts,
  type UpdaterState,
} from '@postern/software-update';
import type { Image } from '@postern/software-update/testing';
import type { InMemoryListCopy } from './in-memory-lists.ts';
import type { InMemoryNetwork } from './in-memory-network.ts';
import { type KillPlan, Life, never } from './life.ts';

/** How long a killed updater takes to be up again. */
export const PROCESS_RESTART = Seconds(7);
const ACKNOWLEDGED_AFTER = Seconds(1);
const CHUNK = 1_000;

export interface UpdaterOptions {
  readonly clock: VirtualClock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  readonly job: UpdateJob;
  readonly images: readonly Image[];
  readonly network: InMemoryNetwork;
  readonly kills: KillPlan;
  readonly passwordList?: InMemoryListCopy;
  /** What the update begins with; {@link initialState} unless the order brought more. */
  readonly initial?: UpdaterState;
}

/** {@link runUpdate} in a process that can be killed and goes on from what it had committed. */
export class InMemoryUpdater {
  /** The journal as it would be read after a crash. */
  readonly steps: JournalEntry[] = [];
  /** The outbox: one entry for each time the result was put into it. */
  readonly results: UpdateOutcome[] = [];
  /** Passwords that were ever made, by what was committed. */
  readonly passwords = new Set<string>();
  readonly cancellation = new AbortController();
  /** What the driver rejected with, if it did. */
  crashed: unknown;
  #stored: string;
  #start: string | undefined;
  readonly #onStart = new Set<() => void>();
  #life: Life | undefined;
  readonly #options: UpdaterOptions;

  constructor(options: UpdaterOptions) {
    this.#options = options;
    const initial = options.initial ?? initialState;
    this.#stored = JSON.stringify(initial);
    if (initial.credential !== undefined) this.passwords.add(initial.credential.oneTimePassword);
  }

  /** The last committed state. */
  get state(): UpdaterState {
    return JSON.parse(this.#stored) as UpdaterState;
  }

  get finished(): boolean {
    return this.state.phase === 'finished';
  }

  /** Whether its process is up. */
  get running(): boolean {
    return this.#life?.alive === true;
  }

  /** Starts a process that takes the update up from the last committed state. */
  start(signal: AbortSignal = new AbortController().signal): void {
    const life = new Life(this.#options.kills);
    this.#life = life;
    this.#start = undefined;
    void life.ended.then(() => this.#options.clock.schedule(PROCESS_RESTART, () => this.start()));
    runUpdate(this.state, this.#options.job, this.#ports(life), signal).catch((error: unknown) => {
      if (life.alive) this.crashed = error;
    });
  }

  /** A start notification has come in; nobody takes it while the process is down. */
  startNotified(program: string): void {
    if (!this.running) throw new TypeError('connection refused');
    this.#start = program;
    for (const wake of this.#onStart) wake();
  }

  #ports(life: Life): UpdaterPorts {
    const { clock, entropy, logger, images, network, passwordList } = this.#options;
    return {
      clock,
      entropy,
      logger,
      journal: {
        commit: (state, steps) => life.write(`commit ${state.phase}`, () => this.#commit(state, steps)),
      },
      images: {
        prepare: async () => 'held already',
        open: (sha256, offset) => chunks(images, sha256, offset),
      },
      securePath: network.securePathOf(life),
      ...(passwordList === undefined ? {} : { listedPasswords: passwordList.seenBy(life, network, clock) }),
      bulkPath: network.bulkPathOf(life),
      mailbox: this.#mailbox(life),
      onProgress: () => {},
    };
  }

  #commit(state: UpdaterState, steps: readonly JournalEntry[]): void {
    if (state.phase === 'reporting' && state.outcome !== undefined) this.results.push(state.outcome);
    if (state.credential !== undefined) this.passwords.add(state.credential.oneTimePassword);
    this.#stored = JSON.stringify(state);
    this.steps.push(...steps);
  }

  #mailbox(life: Life): UpdateMailbox {
    return {
      cancelled: this.cancellation.signal,
      forgetStarts: () => {
        this.#start = undefined;
      },
      nextStart: (signal) =>
        new Promise((resolve) => {
          const settle = (): void => {
            if (this.#start === undefined && !signal.aborted) return;
            this.#onStart.delete(settle);
            const program = signal.aborted ? undefined : this.#start;
            if (!signal.aborted) this.#start = undefined;
            resolve(program);
          };
          this.#onStart.add(settle);
          signal.addEventListener('abort', settle, { once: true });
          settle();
        }),
      acknowledged: async (signal) => {
        await sleep(this.#options.clock, ACKNOWLEDGED_AFTER, signal);
        if (!life.alive) await never();
      },
    };
  }
}

async function* chunks(images: readonly Image[], sha256: string, offset: number): AsyncGenerator<Uint8Array> {
  const image = images.find(({ component }) => component.sha256 === sha256);
  if (image === undefined) throw new TypeError('The test holds no such image');
  for (let at = offset; at < image.bytes.length; at += CHUNK) yield image.bytes.subarray(at, at + CHUNK);
}
