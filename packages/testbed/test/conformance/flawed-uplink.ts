import type { UplinkOperations, uplink } from '@postern/contracts';
import {
  errorCode,
  type Instant,
  Milliseconds,
  Seconds,
  sleep,
  stoppedWithin,
  systemClock,
} from '@postern/core';
import type { SoapClient } from '@postern/soap-rpc';
import type { IntermediaryFlaw } from './flawed-intermediary.ts';

/** Something that a device said, on its way up. */
export interface Waiting {
  readonly deliveryId: string;
  readonly deviceId: string;
  readonly body: uplink.DeliverBody;
  answeredAs?: 'failed';
  /** Told each answer of the server. */
  readonly onAnswer: (answer: Answered) => void;
}

export type Answered = { readonly outcome: 'succeeded' | 'failed' | 'pending'; readonly text: string };

export interface FlawedUplinkOptions {
  readonly client: SoapClient<UplinkOperations>;
  readonly name: string;
  readonly flaw: IntermediaryFlaw | undefined;
  readonly signal: AbortSignal;
  readonly onRequest: (request: uplink.Request) => void;
  readonly onDeferred: (response: uplink.DeferredResponse) => void;
}

const HOLD_SECONDS = 20;
const RETRY = Milliseconds(30);
/** How long whoever holds no poll waits for the answer to one. */
const GIVES_UP_AFTER = Milliseconds(300);
const GATHERS_FOR = Milliseconds(300);

/** How a small intermediary calls out: one poll is held, another one carries what waits; but for its flaw. */
export class FlawedUplink {
  readonly #options: FlawedUplinkOptions;
  readonly #received = new Set<string>();
  readonly #responses = new Map<string, uplink.Response>();
  readonly #notices = new Set<string>();
  readonly #devices = new Map<string, { readonly revision: number; readonly change: uplink.DeviceChange }>();
  readonly #deliveries: Waiting[] = [];
  #revision = 0;
  #known: number | undefined;
  #toldOnce = false;
  #sending = false;
  #delivering = false;

  constructor(options: FlawedUplinkOptions) {
    this.#options = options;
  }

  /** Calls until the signal aborts. */
  async run(): Promise<void> {
    const { flaw, signal } = this.#options;
    const sessionId = 'model';
    while (!signal.aborted) {
      try {
        const ending = new AbortController();
        const over = AbortSignal.any([signal, ending.signal]);
        const timer =
          flaw === 'gives-up-holding'
            ? systemClock.schedule(GIVES_UP_AFTER, () => ending.abort())
            : undefined;
        const poll = { sessionId, holdSeconds: HOLD_SECONDS, capacity: 100 };
        const answer = await this.#options.client
          .call('Poll', poll, { signal: over })
          .finally(() => timer?.cancel());
        this.#take(answer);
        if (flaw !== 'polls-at-once') await sleep(systemClock, Seconds(answer.nextPollSeconds), signal);
      } catch {
        await stoppedWithin(systemClock, RETRY, signal);
      }
    }
  }

  received(id: string): void {
    if (this.#options.flaw !== 'receives-silently') this.#received.add(id);
    this.#ring();
  }

  answer(requestId: string, body: uplink.ResponseBody): void {
    this.#responses.set(requestId, { requestId, at: systemClock.now(), body });
    this.#notices.delete(requestId);
    this.#ring();
  }

  delayed(requestId: string): void {
    if (this.#options.flaw !== 'sends-no-delay-notices') this.#notices.add(requestId);
    this.#ring();
  }

  tell(change: uplink.DeviceChange): void {
    this.#revision += 1;
    this.#devices.set(change.information.deviceId, { revision: this.#revision, change });
    this.#ring();
  }

  deliver(waiting: Waiting): void {
    this.#deliveries.push(waiting);
    if (!this.#delivering) void this.#deliverAll();
  }

  #ring(): void {
    if (!this.#sending) void this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    const { client, flaw, signal } = this.#options;
    this.#sending = true;
    for (let cargo = this.#compose(); cargo !== undefined && !signal.aborted; cargo = this.#compose()) {
      try {
        const poll = { sessionId: 'model', holdSeconds: 0, capacity: 100, ...cargo };
        const answer = await client.call('Poll', poll, { signal });
        for (const id of cargo.received?.id ?? []) this.#received.delete(id);
        for (const { requestId } of cargo.delayNotices?.delayNotice ?? []) this.#notices.delete(requestId);
        this.#take(answer);
      } catch {
        if (flaw === 'forgets-responses') this.#responses.clear();
        await stoppedWithin(systemClock, RETRY, signal);
      }
    }
    this.#sending = false;
  }

  #compose(): Partial<uplink.Poll> | undefined {
    const devices = this.#composeDevices();
    const response = [...this.#responses.values()];
    const cargo = {
      ...(this.#received.size === 0 ? {} : { received: { id: [...this.#received] } }),
      ...(response.length === 0 ? {} : { responses: { response } }),
      ...(this.#notices.size === 0
        ? {}
        : { delayNotices: { delayNotice: [...this.#notices].map((requestId) => ({ requestId })) } }),
      ...(devices === undefined ? {} : { devices }),
    };
    return Object.keys(cargo).length === 0 ? undefined : cargo;
  }

  #composeDevices(): uplink.DeviceChanges | undefined {
    const { flaw } = this.#options;
    const known = this.#known;
    if (known === undefined || known === this.#revision) return undefined;
    if (flaw === 'tells-no-changes' && this.#toldOnce) return undefined;
    this.#toldOnce = true;
    const complete = flaw !== 'tells-changes-only' && (known === 0 || known > this.#revision);
    const told = [...this.#devices.values()].filter(({ revision }) => complete || revision > known);
    const device = told.map(({ change }) => change);
    return { revision: this.#revision, complete, device, ...(complete ? {} : { since: known }) };
  }

  #take({ acknowledged, requests, deferredResponses, devicesRevision }: uplink.PollResponse): void {
    const { onRequest, onDeferred } = this.#options;
    this.#known = devicesRevision ?? this.#known;
    for (const id of acknowledged?.id ?? []) this.#responses.delete(id);
    for (const request of requests?.request ?? []) onRequest(request);
    for (const deferred of deferredResponses?.deferredResponse ?? []) onDeferred(deferred);
    this.#ring();
  }

  async #deliverAll(): Promise<void> {
    const { flaw, signal } = this.#options;
    this.#delivering = true;
    const backwards = flaw === 'delivers-backwards';
    while (this.#deliveries.length > 0 && !signal.aborted) {
      if (backwards) await stoppedWithin(systemClock, GATHERS_FOR, signal);
      const next = backwards ? this.#deliveries.pop() : this.#deliveries.shift();
      if (next === undefined) break;
      try {
        next.onAnswer(await this.#send(next));
      } catch (error) {
        if (signal.aborted) break;
        // A request that is no good stays so.
        if (errorCode(error, '') === 'delivery-refused' || flaw === 'gives-up-deliveries') continue;
        this.#deliveries.unshift(next);
        await stoppedWithin(systemClock, RETRY, signal);
      }
    }
    this.#delivering = false;
  }

  #send({ deliveryId, deviceId, body, answeredAs }: Waiting): Promise<Answered> {
    const { client, name, flaw, signal } = this.#options;
    const at: Instant = systemClock.now();
    const node = [flaw === 'tells-another-route' ? 'elsewhere' : name];
    const marked =
      answeredAs === undefined || flaw === 'marks-no-missed-calls' ? {} : ({ answeredAs } as const);
    return client.call('Deliver', { deliveryId, deviceId, route: { node }, body, at, ...marked }, { signal });
  }
}
