import type { uplink } from '@postern/contracts';
import {
  between,
  type Clock,
  type Duration,
  type Instant,
  type Logger,
  Seconds,
  stoppedWithin,
  withDeadline,
} from '@postern/core';
import { updateError } from '@postern/software-update';
import { wireFailure } from '../wire-text.ts';
import { type AskDeviceOptions, type Asked, type Attempt, askDevice } from './ask-device.ts';
import { deviceUnreachable, outcomeUnknown } from './device-failures.ts';
import { DeviceLanes } from './device-lanes.ts';
import type { RequestFacts, RequestStore } from './ports.ts';
import { type DeviceRequest, isDeviceRequest } from './request-kinds.ts';

export interface DeviceRequestsOptions extends AskDeviceOptions {
  readonly store: Pick<RequestStore, 'body' | 'isBegun' | 'setBegun'>;
  /** Takes the answer; durable on return. */
  readonly onAnswer: (requestId: string, body: uplink.ResponseBody) => void;
  /** The answer takes longer than `delayNoticeAfter`. */
  readonly onDelayed: (requestId: string) => void;
  readonly delayNoticeAfter: () => Duration;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** An answer that could not be stored (a full disk) is tried again after this. */
const RETRY_AFTER = Seconds(30);

/**
 * Passes requests to devices and keeps their answers: of each device one after the other, several devices at a time. A
 * request is answered when it expires, whatever it waits for.
 *
 * @spec R1 R2 R5
 */
export class DeviceRequests {
  readonly #options: DeviceRequestsOptions;
  readonly #lanes = new DeviceLanes();
  readonly #ending = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(options: DeviceRequestsOptions) {
    this.#options = options;
  }

  /** Begins to carry out a stored request, or goes on with one that an earlier process has begun. */
  start(request: RequestFacts): void {
    const running = this.#answer(request).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /**
   * Carries out a request for somebody who waits for it here: by the same rules, but nothing of it is stored.
   *
   * @throws PosternError why there is no answer, `cancelled` when the signal aborts
   */
  async ask(
    asked: Omit<Asked, 'keepBegun'>,
    expiresAt: Instant,
    signal: AbortSignal,
  ): Promise<uplink.ResponseBody> {
    const over = AbortSignal.any([signal, this.#ending.signal]);
    const attempt: Attempt = { tries: 0, inDoubt: false };
    return this.#inTurn(asked.deviceId, expiresAt, attempt, over, (bounded) =>
      askDevice(this.#options, { ...asked, keepBegun: () => {} }, attempt, bounded),
    );
  }

  /** Stops; what is unanswered stays stored and is carried out by the next process. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#running);
  }

  async #answer(request: RequestFacts): Promise<void> {
    const { onAnswer, onDelayed, delayNoticeAfter, clock, logger } = this.#options;
    const { signal } = this.#ending;
    const delay = clock.schedule(delayNoticeAfter(), () => onDelayed(request.requestId), {
      background: true,
    });
    const outcome = await this.#outcome(request);
    delay.cancel();
    while (outcome !== undefined && !signal.aborted) {
      try {
        return onAnswer(request.requestId, outcome);
      } catch (error) {
        logger.error('An answer could not be stored; it is tried again', {
          request: request.requestId,
          error,
        });
      }
      await stoppedWithin(clock, RETRY_AFTER, signal);
    }
  }

  /** @returns undefined when this process ends before there is one */
  async #outcome({ requestId, target, expiresAt }: RequestFacts): Promise<uplink.ResponseBody | undefined> {
    const { store } = this.#options;
    const { signal } = this.#ending;
    try {
      const attempt: Attempt = { tries: 0, inDoubt: store.isBegun(requestId) };
      return await this.#inTurn(target, expiresAt, attempt, signal, (bounded) => {
        const keepBegun = (begun: boolean): void => store.setBegun(requestId, begun);
        // Read when it is its turn: what many requests say is not held in memory.
        const asked = { requestId, deviceId: target, body: this.#body(requestId), keepBegun };
        return askDevice(this.#options, asked, attempt, bounded);
      });
    } catch (error) {
      if (signal.aborted) return undefined;
      return { kind: 'Failure', value: wireFailure(error) };
    }
  }

  #body(requestId: string): DeviceRequest {
    const body = this.#options.store.body(requestId);
    if (body !== undefined && isDeviceRequest(body)) return body;
    throw updateError('internal-error', 'The request was stored without its content');
  }

  /** Waits for the turn of the device, and says what it means when the request expires. */
  async #inTurn(
    deviceId: string,
    expiresAt: Instant,
    attempt: Attempt,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<uplink.ResponseBody>,
  ): Promise<uplink.ResponseBody> {
    const { clock } = this.#options;
    const rest = between(clock.now(), expiresAt);
    let bounded: AbortSignal | undefined;
    try {
      if (rest <= 0) throw updateError('deadline-exceeded', 'The request expired before it was its turn');
      return await withDeadline(clock, rest, 'The request', signal, (limited) => {
        bounded = limited;
        return this.#lanes.run(deviceId, limited, () => work(limited));
      });
    } catch (error) {
      if (signal.aborted || bounded?.aborted === false) throw error;
      if (attempt.inDoubt) throw outcomeUnknown(deviceId, attempt.failure);
      throw attempt.tries > 0 ? deviceUnreachable(deviceId, attempt.failure ?? error) : error;
    }
  }
}
