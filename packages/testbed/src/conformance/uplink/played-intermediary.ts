import { type intermediary, type uplink, uplinkContract } from '@postern/contracts';
import { type Duration, type Entropy, Milliseconds, randomId, Seconds } from '@postern/core';
import type { EnrolledNode } from '@postern/pki';
import { type TargetAddress, withClient } from '../soap/soap-target.ts';
import type { TargetConnection } from '../target-connection.ts';

/** Longest that a call may take which nothing holds. */
const LIMIT = Seconds(20);

/** What {@link PlayedIntermediary.poll} is told beside the poll itself. */
export interface Waiting {
  readonly signal?: AbortSignal;
  /** For the whole answer. */
  readonly deadline?: Duration;
}

/** An intermediary that we play, below a node that serves the uplink contract. */
export class PlayedIntermediary {
  readonly name: string;
  readonly #address: TargetAddress;
  readonly #entropy: Entropy;
  readonly #sessionId: string;
  /** Of its list of devices, as far as it has been told. */
  #revision = 0;

  /** @param expect the role of whoever serves the contract */
  constructor(
    { url, clock, entropy }: TargetConnection,
    node: EnrolledNode,
    { stranger, expect }: Pick<TargetAddress, 'stranger' | 'expect'>,
  ) {
    this.name = node.identity.name;
    this.#address = { url, node, stranger, clock, expect };
    this.#entropy = entropy;
    this.#sessionId = `conformance-${randomId(entropy)}`;
  }

  get address(): TargetAddress {
    return this.#address;
  }

  /** One exchange; not held, and without room for requests unless it says otherwise. */
  async poll(
    changes: Partial<uplink.Poll>,
    { signal, deadline = LIMIT }: Waiting,
  ): Promise<uplink.PollResponse> {
    const poll = { sessionId: this.#sessionId, holdSeconds: 0, capacity: 0, ...changes };
    const options = { deadline, ...(signal === undefined ? {} : { signal }) };
    const answer = await withClient(uplinkContract, this.#address, {}, (client) =>
      client.call('Poll', poll, options),
    );
    this.#revision = Math.max(this.#revision, answer.devicesRevision ?? poll.devices?.revision ?? 0);
    return answer;
  }

  /** A {@link poll} that is held: how it was answered, and how long that took. */
  async heldPoll(
    holdSeconds: number,
    changes: Partial<uplink.Poll>,
    signal: AbortSignal,
  ): Promise<{ readonly answer: uplink.PollResponse; readonly took: Duration }> {
    const { clock } = this.#address;
    const since = clock.monotonic();
    const deadline = Milliseconds(Seconds(holdSeconds) + GRACE);
    const answer = await this.poll({ holdSeconds, ...changes }, { signal, deadline });
    return { answer, took: Milliseconds(clock.monotonic() - since) };
  }

  /** What came from a device, on the shortest way. */
  deliver(
    delivery: Pick<uplink.Deliver, 'deviceId' | 'body'> & Partial<uplink.Deliver>,
    signal: AbortSignal,
  ): Promise<intermediary.Answer> {
    const whole = { deliveryId: this.newId(), route: { node: [this.name] }, ...delivery };
    return withClient(uplinkContract, this.#address, {}, (client) =>
      client.call('Deliver', whole, { signal, deadline: LIMIT }),
    );
  }

  /** A revision that its list has not had. */
  nextRevision(): number {
    this.#revision += 1;
    return this.#revision;
  }

  /** Tells the whole list. */
  tellDevices(device: readonly uplink.DeviceChange[], waiting: Waiting): Promise<uplink.PollResponse> {
    return this.poll({ devices: { revision: this.nextRevision(), complete: true, device } }, waiting);
  }

  /** Tells the whole list for the time of `work`, then that there is nobody. */
  async withDevices<T>(
    devices: readonly uplink.DeviceChange[],
    signal: AbortSignal,
    work: (told: uplink.PollResponse) => Promise<T>,
  ): Promise<T> {
    try {
      // Which revision is held, so that ours is a newer one.
      await this.poll({}, { signal });
      return await work(await this.tellDevices(devices, { signal }));
    } finally {
      // Its failure is no news beside the first.
      await this.tellDevices([], { deadline: Seconds(5) }).catch(() => {});
    }
  }

  /** Of a device, a delivery, a call: nobody else has it. */
  newId(): string {
    return `conformance-${randomId(this.#entropy).slice(0, 16)}`;
  }
}

/** How much later than asked a held poll may end. */
export const GRACE = Seconds(3);
