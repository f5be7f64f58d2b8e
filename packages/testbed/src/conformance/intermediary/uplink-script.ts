import type { uplink } from '@postern/contracts';
import { DeviceLists, type Downward, type ServedExchange } from '@postern/soap-rpc';

/** A request that is to go down. */
export interface Ordered {
  readonly body: uplink.RequestBody;
  readonly target: string;
  /** From when it goes down. */
  readonly expiresInSeconds?: number;
  readonly route?: readonly string[];
}

const EXPIRES_IN_SECONDS = 60;

/**
 * The server's part of the exchanges, in memory: requests go down until they are received, responses are acknowledged
 * as they come. What a check wants otherwise, it says.
 */
export class UplinkScript implements ServedExchange {
  /** Something has come to wait; the intermediary's poll is to be answered. */
  onWaiting: (intermediary: string) => void = () => {};
  readonly #newId: () => string;
  #intermediary: string | undefined;
  #lists = new DeviceLists([]);
  #asked: string | undefined;
  readonly #waiting = new Map<string, uplink.Request>();
  readonly #deferred = new Map<string, uplink.DeferredResponse>();
  readonly #lost = new Set<string>();

  constructor(newId: () => string) {
    this.#newId = newId;
  }

  /** Sends a request down. @returns its identifier */
  order({ body, target, expiresInSeconds = EXPIRES_IN_SECONDS, route }: Ordered): string {
    const requestId = `conformance-${this.#newId()}`;
    const onward = route === undefined ? {} : { route: { node: route } };
    this.send({ requestId, target, expiresInSeconds, body, ...onward });
    return requestId;
  }

  /** Sends a request down, once more perhaps. */
  send(request: uplink.Request): void {
    this.#waiting.set(request.requestId, request);
    this.wake();
  }

  /** Takes a request back that nobody has received. */
  withdraw(requestId: string): void {
    this.#waiting.delete(requestId);
  }

  /** A later answer to a delivery: goes down until it is received. */
  defer(response: uplink.DeferredResponse): void {
    this.#deferred.set(response.deliveryId, response);
    this.wake();
  }

  /** Whether a deferred response is still to be received. */
  isDeferred(deliveryId: string): boolean {
    return this.#deferred.has(deliveryId);
  }

  /** The first exchange that brings the response to this request is not answered. */
  loseAnswerTo(requestId: string): void {
    this.#lost.add(requestId);
  }

  /** Whether the answer to this exchange is lost; asked once for each. */
  losesAnswer({ responses }: uplink.Poll): boolean {
    const lost = (responses?.response ?? []).filter(({ requestId }) => this.#lost.delete(requestId));
    return lost.length > 0;
  }

  /** Forgets which devices there are. */
  forgetDevices(): void {
    this.#lists = new DeviceLists([]);
    this.#asked = undefined;
    this.wake();
  }

  /** {@link ServedExchange.isWaiting} */
  isWaiting(_caller: string, capacity: number): boolean {
    return this.#deferred.size > 0 || (capacity > 0 && this.#waiting.size > 0);
  }

  /** {@link ServedExchange.asksForDevices} */
  asksForDevices(caller: string, { sessionId }: uplink.Poll): boolean {
    this.#intermediary ??= caller;
    if (!this.#lists.lacks(caller) || this.#asked === sessionId) return false;
    this.#asked = sessionId;
    return true;
  }

  /** {@link ServedExchange.exchange} */
  exchange(caller: string, poll: uplink.Poll): Downward {
    this.#intermediary ??= caller;
    for (const id of poll.received?.id ?? []) {
      this.#waiting.delete(id);
      this.#deferred.delete(id);
    }
    const { devices } = this.#lists.acceptable(caller, poll);
    if (devices !== undefined) this.#lists.taken(caller, devices, this.#lists.part(caller, devices));
    return {
      acknowledged: (poll.responses?.response ?? []).map(({ requestId }) => requestId),
      requests: [...this.#waiting.values()].slice(0, poll.capacity),
      deferredResponses: [...this.#deferred.values()],
    };
  }

  /** {@link ServedExchange.devicesRevision} */
  devicesRevision(caller: string): number {
    return this.#lists.revision(caller);
  }

  /** Has the held poll answered. */
  wake(): void {
    if (this.#intermediary !== undefined) this.onWaiting(this.#intermediary);
  }
}
