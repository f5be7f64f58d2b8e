import type { device } from '@postern/contracts';
import type { Standing } from '../connections/standing.ts';

/** What is searched for. */
export interface SearchQuery {
  readonly method: device.SearchMethod;
  /** For `address-range`: CIDR notation, or FIRST-LAST. */
  readonly addressRange?: string | undefined;
  /** Whoever is found becomes a device of the site at once; as configured unless given. */
  readonly adopt?: boolean | undefined;
}

/** How far a search is. */
export interface SearchProgress {
  readonly asked: number;
  readonly places: number;
  readonly found: number;
}

/** A device that has proved itself. */
export interface FoundDevice {
  readonly information: device.DeviceInformation;
  /** What it is to the site now. */
  readonly standing: Standing;
}

/** What came of a search. */
export interface SearchResult extends SearchProgress {
  readonly devices: readonly FoundDevice[];
  /** How often somebody was there and was not taken, or an announcement led nowhere, by code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Whether all places were asked before the time was over. */
  readonly complete: boolean;
}
