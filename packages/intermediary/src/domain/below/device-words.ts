import type { intermediary, uplink } from '@postern/contracts';
import {
  type Clock,
  type Duration,
  FloodWatch,
  type NodeIdentity,
  type RateLimit,
  rateLimiter,
} from '@postern/core';
import { intermediaryError } from '../../errors.ts';
import type { Calls } from './calls.ts';
import { deliveryIdOf } from './delivery-identity.ts';
import type { Reply } from './ports.ts';

export interface DeviceWordsOptions {
  readonly calls: Calls;
  /** @throws PosternError when the device is not one of this site's */
  readonly requireActive: (deviceId: string) => void;
  readonly limit: RateLimit;
  /** How long a device waits for the answer to a call. */
  readonly answerWithin: Duration;
  /** Whether there is a node above. */
  readonly hasUplink: boolean;
  /** A flood of a device is over. */
  readonly onFlood: (deviceId: string, refused: number) => void;
  readonly clock: Clock;
}

/** Who speaks: as its certificate says. */
export interface Speaker {
  readonly peer: NodeIdentity | undefined;
  /** Aborts when it has gone. */
  readonly signal: AbortSignal;
}

/** Fig 11 B. */
const SILENT: Reply = {
  outcome: 'failed',
  text: 'Nobody answers at the moment; the call is passed on later',
};
const ALONE: Reply = { outcome: 'failed', text: 'This site works alone: nobody answers calls here' };

/**
 * What devices say that prove their names: user calls, supplies, abnormalities. Each is limited by its identity, so that
 * a device that floods holds up nobody but itself.
 *
 * @spec R3 R6 R7
 */
export class DeviceWords {
  readonly #options: DeviceWordsOptions;
  readonly #withinLimit: (deviceId: string) => boolean;
  readonly #floods: FloodWatch;

  constructor(options: DeviceWordsOptions) {
    this.#options = options;
    this.#withinLimit = rateLimiter(options.clock, options.limit);
    this.#floods = new FloodWatch(options.clock, ({ key, refused }) => options.onFlood(key, refused));
  }

  /** @throws PosternError `not-authorised`, `too-many-notices`, `delivery-reused`, those of `requireActive` */
  async call(value: intermediary.UserCall, speaker: Speaker): Promise<intermediary.Answer> {
    const { calls, answerWithin, hasUplink } = this.#options;
    const deviceId = this.#admit(speaker);
    const inReplyTo = value.callId;
    if (!hasUplink) return { inReplyTo, ...ALONE };
    const saying = this.#saying(deviceId, inReplyTo, { kind: 'UserCall', value });
    const patience = { limit: answerWithin, whenSilent: SILENT };
    return { inReplyTo, ...(await calls.answer(saying, patience, speaker.signal)) };
  }

  /** @throws PosternError as {@link call} */
  supply(value: intermediary.NotifySupply, speaker: Speaker): intermediary.Answer {
    return this.#note(value.noticeId, { kind: 'NotifySupply', value }, speaker);
  }

  /** @throws PosternError as {@link call} */
  abnormality(value: intermediary.NotifyAbnormality, speaker: Speaker): intermediary.Answer {
    return this.#note(value.noticeId, { kind: 'NotifyAbnormality', value }, speaker);
  }

  /** Reports the floods that go on. */
  close(): void {
    this.#floods.close();
  }

  #note(inReplyTo: string, body: uplink.DeliverBody, speaker: Speaker): intermediary.Answer {
    const deviceId = this.#admit(speaker);
    return { inReplyTo, ...this.#options.calls.note(this.#saying(deviceId, inReplyTo, body)) };
  }

  #saying(deviceId: string, ownId: string, body: uplink.DeliverBody) {
    const deliveryId = deliveryIdOf(deviceId, body.kind, ownId);
    return { delivery: { deliveryId, deviceId, at: this.#options.clock.now(), body }, ownId };
  }

  #admit({ peer }: Speaker): string {
    if (peer?.role !== 'device') {
      throw intermediaryError('not-authorised', 'Only devices that prove their names are heard');
    }
    const { name } = peer;
    this.#options.requireActive(name);
    if (this.#withinLimit(name)) return name;
    this.#floods.refused(name);
    throw intermediaryError('too-many-notices', `Too many calls and notices of ${name}`);
  }
}
