import type { device, uplink } from '@postern/contracts';
import { between, type Clock, errorCode, type Logger, Milliseconds, withDeadline } from '@postern/core';
import type { RequestFacts, RequestStore } from '../requests/ports.ts';
import type { SiteDecision } from '../requests/site/site-service.ts';
import type { DeviceSearch } from '../search/device-search.ts';
import { wireFailure } from '../wire-text.ts';
import type { Adoption } from './adoption.ts';
import { type ConnectionSources, connectionsAnswer } from './list-connections.ts';

export interface ConnectionRequestsOptions extends ConnectionSources {
  readonly adoption: Adoption;
  readonly search: DeviceSearch;
  readonly requests: Pick<RequestStore, 'body'>;
  /** Takes the answer; durable on return. */
  readonly onAnswer: (requestId: string, body: uplink.ResponseBody) => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Requests from above about which devices belong to the site. What has to ask a device first is answered later, by the
 * time the request expires; after a crash it is done again.
 *
 * @spec I1 I3
 */
export class ConnectionRequests {
  readonly #options: ConnectionRequestsOptions;
  readonly #ending = new AbortController();
  readonly #running = new Set<Promise<void>>();

  constructor(options: ConnectionRequestsOptions) {
    this.#options = options;
  }

  /**
   * Called inside the transaction that stores the request.
   *
   * @returns undefined for any other request
   * @throws PosternError `device-unknown`, `search-running`, and those of a range
   */
  decide(facts: RequestFacts, body: uplink.RequestBody): SiteDecision | undefined {
    if (body.kind === 'Activate') return this.#activate(facts, body.value);
    if (body.kind === 'GetConnections') {
      const value = connectionsAnswer(this.#options);
      return { answer: { kind: 'GetConnectionsResponse', value }, effect: () => {} };
    }
    if (body.kind !== 'SearchDevices') return undefined;
    this.#options.search.check(body.value);
    return { begin: () => this.#search(facts, body.value) };
  }

  /** Goes on with what an earlier process had not answered. */
  recover(request: RequestFacts): void {
    // One that releases is answered when it is stored.
    if (request.kind === 'Activate') this.#adopt(request);
    if (request.kind !== 'SearchDevices') return;
    const body = this.#options.requests.body(request.requestId);
    // What was found before is stored, and is found once more.
    this.#search(request, body?.kind === 'SearchDevices' ? body.value : { method: 'dns-sd' });
  }

  /** Stops; what is unanswered is done by the next process. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.all(this.#running);
  }

  #activate(facts: RequestFacts, { active }: device.Activate): SiteDecision {
    const { adoption } = this.#options;
    if (!active) return { answer: ACTIVATED, effect: adoption.release(facts.target) };
    adoption.requireKnown(facts.target);
    if (adoption.standingOf(facts.target) === 'active') return { answer: ACTIVATED, effect: () => {} };
    return { begin: () => this.#adopt(facts) };
  }

  #search(facts: RequestFacts, query: device.SearchDevices): void {
    this.#begin(facts, async () => {
      const { devices } = await this.#options.search.start(query);
      const value = { device: devices.map(({ information }) => information) };
      return { kind: 'SearchDevicesResponse', value };
    });
  }

  #adopt(facts: RequestFacts): void {
    this.#begin(facts, async (signal) => {
      await this.#options.adoption.adopt(facts.target, undefined, signal);
      return ACTIVATED;
    });
  }

  #begin(facts: RequestFacts, work: (signal: AbortSignal) => Promise<uplink.ResponseBody>): void {
    const running = this.#answer(facts, work).finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  async #answer(
    { requestId, expiresAt }: RequestFacts,
    work: (signal: AbortSignal) => Promise<uplink.ResponseBody>,
  ): Promise<void> {
    const { clock, logger, onAnswer } = this.#options;
    const { signal } = this.#ending;
    const rest = Milliseconds(Math.max(between(clock.now(), expiresAt), 0));
    try {
      const body = await withDeadline(clock, rest, 'The request', signal, work).catch(
        (error: unknown): uplink.ResponseBody => {
          if (signal.aborted) throw error;
          logger.info('A request was refused', {
            request: requestId,
            code: errorCode(error, 'internal-error'),
          });
          return { kind: 'Failure', value: wireFailure(error) };
        },
      );
      onAnswer(requestId, body);
    } catch (error) {
      if (!signal.aborted) logger.error('An answer could not be stored', { request: requestId, error });
    }
  }
}

const ACTIVATED: uplink.ResponseBody = { kind: 'ActivateResponse', value: {} };
