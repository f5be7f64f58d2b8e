import type { device, StepObserver } from '@postern/contracts';
import {
  after,
  type Clock,
  type Duration,
  type Entropy,
  errorCode,
  errorMessage,
  type Logger,
  Minutes,
  randomFraction,
  Seconds,
  stoppedWithin,
  withDeadline,
} from '@postern/core';
import { Slots } from '../slots.ts';
import { backoff, type Pacing } from '../uplink/pacing.ts';
import { nextCallState } from './call-life.ts';
import type { Said, SaidStore } from './ports.ts';

/**
 * Shows a result on the panel of a device; resolves once it is shown. What it bears as `requestId` is the same however
 * often it is tried.
 *
 * @throws PosternError `result-refused` when the device will never show it, or a transport's code
 */
export type ShowResult = (deviceId: string, result: device.ShowResult, signal: AbortSignal) => Promise<void>;

export interface PanelResultsOptions {
  readonly store: SaidStore;
  readonly show: ShowResult;
  /** The device is not one of this site's any more. */
  readonly isGone: (deviceId: string) => boolean;
  /** This intermediary's name. */
  readonly name: string;
  /** How long after the call its result is still worth showing. */
  readonly keep: Duration;
  /** One exchange with the device. */
  readonly exchangeTimeout: Duration;
  /** Exchanges at a time. */
  readonly concurrency: number;
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  readonly onStep?: StepObserver | undefined;
}

const PACING: Pacing = { firstPause: Seconds(1), longestPause: Minutes(5) };

/**
 * Shows answers that came too late to be given to a waiting device: again until the panel shows them, they are too old,
 * or the device will not have them.
 *
 * @spec R4 R7
 */
export class PanelResults {
  readonly #options: PanelResultsOptions;
  readonly #slots: Slots;
  readonly #ending = new AbortController();
  readonly #running = new Map<string, Promise<void>>();
  /** By device: what ends the pauses of its results. */
  readonly #pauses = new Map<string, Set<() => void>>();

  constructor(options: PanelResultsOptions) {
    this.#options = options;
    this.#slots = new Slots(options.concurrency);
  }

  /** Goes on with what an earlier process had not shown. */
  recover(): void {
    for (const said of this.#options.store.findIn('late')) if (said.below === undefined) this.start(said);
  }

  start(said: Said): void {
    const { deliveryId } = said;
    if (this.#running.has(deliveryId) || this.#ending.signal.aborted) return;
    const running = this.#show(said).finally(() => this.#running.delete(deliveryId));
    this.#running.set(deliveryId, running);
  }

  /** The device has come back: its results are tried at once. */
  deviceSeen(deviceId: string): void {
    for (const end of this.#pauses.get(deviceId) ?? []) end();
  }

  /** Stops; what is not shown goes on with the next process. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#running.values());
  }

  async #show(said: Said): Promise<void> {
    const { store, clock, keep, isGone, logger, entropy } = this.#options;
    const { signal } = this.#ending;
    const { deliveryId, deviceId } = said;
    for (let failures = 0; !signal.aborted; ) {
      // Asked for again in the meantime, or pushed out by newer ones.
      if (store.find(deliveryId)?.state !== 'late') return;
      if (clock.now() >= after(said.at, keep)) return this.#end(said, 'given-up', 'deadline-exceeded');
      if (isGone(deviceId)) return this.#end(said, 'given-up', 'device-not-active');
      try {
        await this.#try(said, failures === 0);
        return this.#end(said, 'shown');
      } catch (error) {
        if (signal.aborted) return;
        const code = errorCode(error, 'internal-error');
        if (code === 'result-refused') return this.#end(said, 'given-up', code);
        failures += 1;
        logger.debug('A result could not be shown', { device: deviceId, code, reason: errorMessage(error) });
        await this.#pause(deviceId, backoff(PACING, failures, randomFraction(entropy)));
      }
    }
  }

  async #try({ deliveryId, deviceId, ownId, answer }: Said, first: boolean): Promise<void> {
    const { clock, exchangeTimeout, show, name, onStep } = this.#options;
    const { signal } = this.#ending;
    if (answer === undefined) return;
    const result = { inReplyTo: ownId, ...answer, requestId: deliveryId };
    await this.#slots.run(signal, () => {
      if (first) onStep?.({ step: 'S706', node: name, subject: ownId });
      return withDeadline(clock, exchangeTimeout, 'The result', signal, (bounded) =>
        show(deviceId, result, bounded),
      );
    });
  }

  #end(said: Said, event: 'shown' | 'given-up', code?: string): void {
    const { store, logger } = this.#options;
    const state = nextCallState(said.state, event);
    if (state !== undefined) store.save({ ...said, state });
    if (code === undefined) return;
    logger.warn('A result is not shown', { device: said.deviceId, call: said.ownId, code });
  }

  async #pause(deviceId: string, length: Duration): Promise<void> {
    const over = new AbortController();
    const end = (): void => over.abort();
    const pauses = this.#pauses.get(deviceId) ?? new Set();
    this.#pauses.set(deviceId, pauses.add(end));
    this.#ending.signal.addEventListener('abort', end, { once: true });
    if (this.#ending.signal.aborted) end();
    await stoppedWithin(this.#options.clock, length, over.signal);
    this.#ending.signal.removeEventListener('abort', end);
    pauses.delete(end);
    if (pauses.size === 0) this.#pauses.delete(deviceId);
  }
}
