import type { uplink } from '@postern/contracts';
import { type Clock, Seconds, type Timer } from '@postern/core';
import { intermediaryError } from '../../errors.ts';
import { Doorbell } from '../doorbell.ts';
import type { RequestStore } from '../requests/ports.ts';
import { wireFailure } from '../wire-text.ts';
import { DeviceChanges, type DeviceList } from './device-changes.ts';
import { NoticeBoard } from './notice-board.ts';
import { MOST_EXCHANGE_BYTES, MOST_PART_BYTES, sizeOfResponse } from './wire-size.ts';

/** What one exchange carries up. */
export type Cargo = Pick<uplink.Poll, 'received' | 'responses' | 'delayNotices' | 'devices'>;

const MOST_RECEIVED = 1_000;
const MOST_RESPONSES = 256;
/** What the server neither acknowledged nor refused is sent again after this. */
const RESEND_AFTER = Seconds(30);

/**
 * Everything that waits to go up. Answers come from the durable outbox and stay until they are acknowledged;
 * acknowledgements are repeated whenever the request comes again.
 *
 * @spec R1
 */
export class Outgoing {
  readonly notices: NoticeBoard;
  readonly #requests: RequestStore;
  readonly #changes: DeviceChanges;
  readonly #clock: Clock;
  readonly #bell = new Doorbell();
  readonly #received = new Set<string>();
  readonly #answers: Set<string>;
  readonly #unacknowledged = new Set<string>();
  #devicesRefused = false;
  /** The server refused something: one thing at a time, until it is known what. */
  #careful = false;
  #resend: Timer | undefined;

  constructor(requests: RequestStore, devices: DeviceList, clock: Clock) {
    this.#requests = requests;
    this.#clock = clock;
    this.#changes = new DeviceChanges(devices);
    this.#answers = new Set(requests.waiting());
    this.notices = new NoticeBoard(clock, () => this.#bell.ring());
  }

  /** Whether an exchange is worth its while. */
  get waiting(): boolean {
    return (
      this.#received.size > 0 ||
      this.#answers.size > 0 ||
      this.notices.due ||
      (this.#changes.due && !this.#devicesRefused)
    );
  }

  /** Resolves when something may have come to wait, or when the signal aborts. */
  changed(signal: AbortSignal): Promise<void> {
    return this.#bell.wait(signal);
  }

  /** A request was stored (or had been): the server may stop sending it. */
  acknowledge(requestId: string): void {
    this.#received.add(requestId);
    this.#bell.ring();
  }

  /** An answer was put into the outbox. */
  answered(requestId: string): void {
    this.notices.close(requestId);
    this.#answers.add(requestId);
    this.#bell.ring();
  }

  /** The list of devices has changed. */
  devicesChanged(): void {
    this.#bell.ring();
  }

  /** Something waits that goes up beside the polls. */
  wake(): void {
    this.#bell.ring();
  }

  compose(): Cargo {
    let room = this.#careful ? 1 : Number.POSITIVE_INFINITY;
    const received = [...this.#received].slice(0, Math.min(room, MOST_RECEIVED));
    room -= received.length;
    const { responses, bytes } = this.#composeResponses(Math.min(room, MOST_RESPONSES));
    if (bytes > MOST_PART_BYTES) return toCargo({ received, responses });
    room -= responses.length;
    const delayNotices = room === 0 ? [] : this.notices.take(this.#careful ? 1 : undefined);
    const devices = this.#devicesRefused ? undefined : this.#changes.compose();
    return toCargo({ received, responses, delayNotices, devices });
  }

  /** The server answered an exchange that carried `cargo`. */
  delivered(cargo: Cargo, answer: uplink.PollResponse): void {
    for (const requestId of cargo.received?.id ?? []) this.#received.delete(requestId);
    for (const { requestId } of cargo.responses?.response ?? []) {
      this.#answers.delete(requestId);
      this.#unacknowledged.add(requestId);
    }
    for (const requestId of answer.acknowledged?.id ?? []) {
      this.#answers.delete(requestId);
      this.#unacknowledged.delete(requestId);
    }
    this.#devicesRefused ||= !this.#changes.answered(answer.devicesRevision, cargo.devices);
    if (this.#unacknowledged.size > 0 || this.#devicesRefused) this.#scheduleResend();
    this.#careful &&= this.waiting;
  }

  /**
   * The server does not know what `cargo` speaks of: it was restored from a backup, say. That must not hold up
   * everything else, so from now on one thing goes at a time, and what is refused alone is given up.
   *
   * @returns the request that is given up, if it is known which
   */
  refused({ received, responses, delayNotices }: Cargo): string | undefined {
    const spokenOf = [
      ...(received?.id ?? []),
      ...(responses?.response ?? []).map(({ requestId }) => requestId),
      ...(delayNotices?.delayNotice ?? []).map(({ requestId }) => requestId),
    ];
    this.#careful = true;
    const [only] = spokenOf;
    if (only === undefined || spokenOf.length > 1) return undefined;
    this.#received.delete(only);
    this.#answers.delete(only);
    this.#unacknowledged.delete(only);
    this.notices.close(only);
    return only;
  }

  /** The connection broke: whatever it carried goes up again. */
  connectionLost(): void {
    this.notices.repeat();
    this.#sendAgain();
  }

  /** Ends the timers. */
  stop(): void {
    this.#resend?.cancel();
    this.notices.stop();
  }

  #sendAgain(): void {
    this.#resend?.cancel();
    this.#resend = undefined;
    this.#devicesRefused = false;
    for (const requestId of this.#unacknowledged) this.#answers.add(requestId);
    this.#unacknowledged.clear();
    this.#bell.ring();
  }

  #composeResponses(most: number): { responses: readonly uplink.Response[]; bytes: number } {
    const responses: uplink.Response[] = [];
    let bytes = 0;
    for (const requestId of [...this.#answers].slice(0, most)) {
      const stored = this.#requests.response(requestId);
      if (stored === undefined) {
        this.#answers.delete(requestId);
        continue;
      }
      const size = sizeOfResponse(stored);
      const response = size > MOST_EXCHANGE_BYTES ? tooLarge(stored) : stored;
      const further = size > MOST_EXCHANGE_BYTES ? sizeOfResponse(response) : size;
      if (responses.length > 0 && bytes + further > MOST_PART_BYTES) break;
      bytes += further;
      responses.push(response);
    }
    return { responses, bytes };
  }

  #scheduleResend(): void {
    this.#resend ??= this.#clock.schedule(RESEND_AFTER, () => this.#sendAgain(), { background: true });
  }
}

interface Loading {
  readonly received: readonly string[];
  readonly responses: readonly uplink.Response[];
  readonly delayNotices?: readonly uplink.DelayNotice[];
  readonly devices?: uplink.DeviceChanges | undefined;
}

const toCargo = ({ received, responses, delayNotices = [], devices }: Loading): Cargo => ({
  ...(received.length === 0 ? {} : { received: { id: received } }),
  ...(responses.length === 0 ? {} : { responses: { response: responses } }),
  ...(delayNotices.length === 0 ? {} : { delayNotices: { delayNotice: delayNotices } }),
  ...(devices === undefined ? {} : { devices }),
});

/** It would be refused for ever. */
const tooLarge = ({ requestId, at, body }: uplink.Response): uplink.Response => {
  const message = `The answer (${body.kind}) has more than ${MOST_EXCHANGE_BYTES} bytes`;
  return {
    requestId,
    at,
    body: { kind: 'Failure', value: wireFailure(intermediaryError('answer-too-large', message)) },
  };
};
