import type { uplink } from '@postern/contracts';
import {
  between,
  type Clock,
  type Duration,
  errorCode,
  errorMessage,
  type Logger,
  Milliseconds,
  PosternError,
  withDeadline,
} from '@postern/core';
import { INTERMEDIARY_ERRORS, type IntermediaryCode } from '../../errors.ts';
import { Slots } from '../slots.ts';
import { wireFailure } from '../wire-text.ts';
import type { RequestFacts } from './ports.ts';

/** The requests that are passed through to a device as they are. */
export type DeviceRequestKind = 'GetDeviceInformation' | 'ConfirmAlive';

/** One exchange with a device. @throws PosternError `device-unknown`, the device's code or a transport's */
export type DeviceCall = (
  kind: DeviceRequestKind,
  deviceId: string,
  signal: AbortSignal,
) => Promise<uplink.ResponseBody>;

export interface DeviceRequestsOptions {
  readonly call: DeviceCall;
  /** Takes the answer; durable on return. */
  readonly onAnswer: (requestId: string, body: uplink.ResponseBody) => void;
  readonly clock: Clock;
  readonly logger: Logger;
  /** One exchange with a device. */
  readonly exchangeTimeout: Duration;
  /** Exchanges at a time. */
  readonly concurrency: number;
}

export const isDeviceRequest = (kind: string): kind is DeviceRequestKind =>
  kind === 'GetDeviceInformation' || kind === 'ConfirmAlive';

/** Passes requests to devices and keeps their answers. A request is answered when it expires, whatever it waits for. */
export class DeviceRequests {
  readonly #options: DeviceRequestsOptions;
  readonly #slots: Slots;
  readonly #ending = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(options: DeviceRequestsOptions) {
    this.#options = options;
    this.#slots = new Slots(options.concurrency);
  }

  /** Begins to carry out a stored request. */
  start(request: RequestFacts, kind: DeviceRequestKind): void {
    const running = this.#answer(request, kind).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  /** Stops; what is unanswered stays stored and is carried out by the next process. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#running);
  }

  async #answer(request: RequestFacts, kind: DeviceRequestKind): Promise<void> {
    const { onAnswer, logger } = this.#options;
    try {
      onAnswer(request.requestId, await this.#outcome(request, kind));
    } catch (error) {
      if (this.#ending.signal.aborted) return;
      logger.error('An answer could not be stored', { request: request.requestId, error });
    }
  }

  async #outcome(request: RequestFacts, kind: DeviceRequestKind): Promise<uplink.ResponseBody> {
    const { clock, call, exchangeTimeout } = this.#options;
    const { signal } = this.#ending;
    const rest = Milliseconds(Math.max(between(clock.now(), request.expiresAt), 0));
    try {
      return await withDeadline(clock, rest, 'The request', signal, (bounded) =>
        this.#slots.run(bounded, () =>
          withDeadline(clock, exchangeTimeout, 'The exchange with the device', bounded, (limited) =>
            call(kind, request.target, limited),
          ),
        ),
      );
    } catch (error) {
      if (signal.aborted) throw error;
      return { kind: 'Failure', value: wireFailure(inDeviceTerms(error, request.target)) };
    }
  }
}

const NOT_REACHED: readonly string[] = ['unreachable', 'connection-lost', 'tls-refused'];

/** Seen from the server, a device's transport failure is not the uplink's; what to look at it still says. */
const inDeviceTerms = (error: unknown, deviceId: string): unknown => {
  if (!NOT_REACHED.includes(errorCode(error, ''))) return error;
  const { hint } = error as Partial<PosternError>;
  const message = `The device ${deviceId} cannot be reached: ${errorMessage(error)}`;
  return new PosternError<IntermediaryCode>('device-unreachable', message, {
    cause: error,
    hint: hint ?? INTERMEDIARY_ERRORS['device-unreachable'],
  });
};
