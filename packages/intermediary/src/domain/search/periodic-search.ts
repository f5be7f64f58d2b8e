import { type Clock, errorCode, type Logger, type Timer } from '@postern/core';
import type { DeviceSearch } from './device-search.ts';
import type { SearchQuery } from './search.ts';
import type { SearchConfig } from './search-schema.ts';

export interface PeriodicSearchOptions {
  readonly search: Pick<DeviceSearch, 'start'>;
  readonly config: Pick<SearchConfig, 'every' | 'ranges'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Searches by itself: listens for announcements, then asks each configured range.
 *
 * @spec I3
 */
export class PeriodicSearch {
  readonly #options: PeriodicSearchOptions;
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: PeriodicSearchOptions) {
    this.#options = options;
  }

  start(): void {
    const { every } = this.#options.config;
    if (every === undefined || this.#closed) return;
    this.#timer = this.#options.clock.schedule(
      every,
      () => {
        // The next period begins when all of it has ended.
        void this.#searchAll().then(() => this.start());
      },
      { background: true },
    );
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  async #searchAll(): Promise<void> {
    const { search, config, logger } = this.#options;
    const ranges = config.ranges.map(
      (addressRange): SearchQuery => ({ method: 'address-range', addressRange }),
    );
    for (const query of [{ method: 'dns-sd' } as const, ...ranges]) {
      if (this.#closed) return;
      try {
        await search.start(query);
      } catch (error) {
        if (this.#closed) return;
        logger.warn('A search for devices failed', { ...query, code: errorCode(error, 'internal-error') });
      }
    }
  }
}
