import type { DeviceEndpoint } from '../devices.ts';
import { mayAsk } from './places.ts';
import type { Heard } from './ports.ts';
import type { FoundDevice, SearchProgress, SearchResult } from './search.ts';
import type { SearchConfig } from './search-schema.ts';

/** Devices that one answer lists; what the contract carries. */
const MOST_FOUND = 1_000;

/** Codes told apart: whoever answers may refuse with any. */
const MOST_CODES = 64;

/** Nobody was there: the usual thing in a range, and no refusal. */
const NOBODY = 'unreachable';

/** What a search has come to, and who follows it. */
export class Tally {
  /** Places to ask. */
  places = 0;
  #asked = 0;
  readonly #found = new Map<string, FoundDevice>();
  readonly #refused = new Map<string, number>();
  readonly #watchers: ReadonlySet<(progress: SearchProgress) => void>;

  constructor(watchers: ReadonlySet<(progress: SearchProgress) => void>) {
    this.#watchers = watchers;
  }

  has(deviceId: string): boolean {
    return this.#found.has(deviceId);
  }

  /** @returns the places that announcements lead to, each once */
  heard({ leads, ignored }: Heard, config: SearchConfig): readonly DeviceEndpoint[] {
    const places = leads.filter((lead) => mayAsk(lead, config));
    this.#count('announcement-invalid', ignored);
    this.#count('range-not-allowed', leads.length - places.length);
    return [...new Map(places.map((place) => [`${place.host} ${place.port}`, place])).values()];
  }

  /** A place was asked; `found` is absent when its device was met before. */
  asked(found: FoundDevice | undefined): void {
    if (found !== undefined && this.#found.size < MOST_FOUND) {
      this.#found.set(found.information.deviceId, found);
    }
    this.#tell();
  }

  /** A place was asked, and whoever is there was not taken. */
  refused(code: string): void {
    if (code !== NOBODY) this.#count(code, 1);
    this.#tell();
  }

  result(complete: boolean): SearchResult {
    const refused = Object.fromEntries(this.#refused);
    return { ...this.#progress(), devices: [...this.#found.values()], refused, complete };
  }

  #count(code: string, times: number): void {
    if (times === 0) return;
    const key = this.#refused.has(code) || this.#refused.size < MOST_CODES ? code : 'others';
    this.#refused.set(key, (this.#refused.get(key) ?? 0) + times);
  }

  #tell(): void {
    this.#asked += 1;
    for (const watch of this.#watchers) watch(this.#progress());
  }

  #progress(): SearchProgress {
    return { asked: this.#asked, places: this.places, found: this.#found.size };
  }
}
