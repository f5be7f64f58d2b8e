import type { device } from '@postern/contracts';
import {
  type Clock,
  errorCode,
  errorMessage,
  type Logger,
  throwIfCancelled,
  withDeadline,
} from '@postern/core';
import { intermediaryError } from '../../errors.ts';
import type { Adoption } from '../connections/adoption.ts';
import type { Contacts } from '../connections/contacts.ts';
import { type InspectOptions, inspectNamed } from '../connections/inspect.ts';
import type { DeviceEndpoint } from '../devices.ts';
import { inParallel } from './in-parallel.ts';
import { placesToAsk } from './places.ts';
import type { FindOnNetwork, ProbeAddress } from './ports.ts';
import type { FoundDevice, SearchProgress, SearchQuery, SearchResult } from './search.ts';
import type { SearchConfig } from './search-schema.ts';
import { Tally } from './tally.ts';

export interface DeviceSearchOptions extends InspectOptions {
  readonly config: SearchConfig;
  readonly findOnNetwork: FindOnNetwork;
  readonly probeAddress: ProbeAddress;
  readonly adoption: Pick<Adoption, 'introduced' | 'standingOf'>;
  readonly contacts: Pick<Contacts, 'isSilent' | 'succeeded'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Running {
  readonly key: string;
  readonly result: Promise<SearchResult>;
  readonly watchers: Set<(progress: SearchProgress) => void>;
}

/**
 * Searches the site's network for devices, one search at a time. Announcements and addresses only say where to ask: a
 * device is found once it has proved its name with a certificate of the CA and has said what it is. Whatever else answers
 * is counted by the code it is refused with, and nothing of it is stored.
 *
 * @spec I3
 */
export class DeviceSearch {
  readonly #options: DeviceSearchOptions;
  readonly #ending = new AbortController();
  #running: Running | undefined;

  constructor(options: DeviceSearchOptions) {
    this.#options = options;
  }

  /**
   * Whether a search may begin, or join the one under way.
   *
   * @throws PosternError `range-invalid`, `range-too-large`, `range-not-allowed`, `search-running`
   */
  check(query: SearchQuery): void {
    placesToAsk(query, this.#options.config);
    if (this.#running === undefined || this.#running.key === keyOf(query)) return;
    throw intermediaryError('search-running', 'Another search is under way');
  }

  /**
   * Searches, or joins the same search under way. It goes on when a caller gives up.
   *
   * @throws PosternError those of {@link check} at once; `search-unavailable`, `cancelled` when the intermediary ends
   */
  start(query: SearchQuery, onProgress?: (progress: SearchProgress) => void): Promise<SearchResult> {
    this.check(query);
    this.#running ??= this.#begin(query);
    const { result, watchers } = this.#running;
    if (onProgress !== undefined) watchers.add(onProgress);
    return result;
  }

  /** Ends the search under way. */
  async close(): Promise<void> {
    this.#ending.abort();
    await this.#running?.result.catch(() => {});
  }

  #begin(query: SearchQuery): Running {
    const watchers: Running['watchers'] = new Set();
    const result = this.#search(query, watchers).finally(() => {
      this.#running = undefined;
    });
    // Whoever began it may have gone.
    result.catch(() => {});
    return { key: keyOf(query), result, watchers };
  }

  async #search(query: SearchQuery, watchers: Running['watchers']): Promise<SearchResult> {
    const { config, clock, logger } = this.#options;
    const { signal } = this.#ending;
    const tally = new Tally(watchers);
    logger.info('A search for devices begins', { ...query });
    let complete = true;
    try {
      await withDeadline(clock, config.deadline, 'The search', signal, (bounded) =>
        this.#askAll(query, tally, bounded),
      );
    } catch (error) {
      if (signal.aborted || errorCode(error, '') !== 'deadline-exceeded') throw error;
      complete = false;
    }
    const result = tally.result(complete);
    const { devices: _, ...counts } = result;
    logger.info('A search for devices has ended', { ...counts });
    return result;
  }

  async #askAll(query: SearchQuery, tally: Tally, signal: AbortSignal): Promise<void> {
    const { config, findOnNetwork } = this.#options;
    const named = placesToAsk(query, config);
    const places = named ?? tally.heard(await findOnNetwork(signal), config);
    tally.places = places.length;
    await inParallel(places, config.concurrency, signal, (place) => this.#ask(place, query, tally, signal));
  }

  /** What is refused, by us or by whoever is there, ends nothing but this place; a disk that fails ends the search. */
  async #ask(place: DeviceEndpoint, query: SearchQuery, tally: Tally, signal: AbortSignal): Promise<void> {
    let met: device.DeviceInformation | undefined;
    try {
      met = await this.#meet(place, tally, signal);
    } catch (error) {
      throwIfCancelled(signal);
      const code = errorCode(error, 'internal-error');
      this.#options.logger.debug('Nobody was found at a place', {
        ...place,
        code,
        reason: errorMessage(error),
      });
      tally.refused(code);
      return;
    }
    throwIfCancelled(signal);
    if (met === undefined || tally.has(met.deviceId)) tally.asked(undefined);
    else tally.asked(this.#introduce(met, place, query));
  }

  /** @returns undefined when this search has met the device already */
  async #meet(
    place: DeviceEndpoint,
    tally: Tally,
    signal: AbortSignal,
  ): Promise<device.DeviceInformation | undefined> {
    const { config, clock, probeAddress } = this.#options;
    const name = await withDeadline(clock, config.probeTimeout, 'The device', signal, (bounded) =>
      probeAddress(place, bounded),
    );
    if (tally.has(name)) return undefined;
    const patience = { ...this.#options, exchangeTimeout: config.probeTimeout };
    return inspectNamed(patience, name, place, signal);
  }

  /** A device of the site has said itself where it is; another way to it counts only when that one failed. */
  #introduce(
    information: device.DeviceInformation,
    { host }: DeviceEndpoint,
    { method, adopt }: SearchQuery,
  ): FoundDevice {
    const { config, adoption, contacts } = this.#options;
    const { deviceId } = information;
    if (adoption.standingOf(deviceId) === 'active' && !contacts.isSilent(deviceId)) {
      contacts.succeeded(deviceId);
      return { information, standing: 'active' };
    }
    const adopts = adopt ?? config.adopt === 'automatic';
    const standing = adoption.introduced({ information, address: host, foundBy: method }, adopts);
    contacts.succeeded(deviceId);
    return { information, standing };
  }
}

const keyOf = ({ method, addressRange, adopt }: SearchQuery): string =>
  JSON.stringify([method, addressRange, adopt]);
