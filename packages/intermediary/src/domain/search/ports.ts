import type { DeviceEndpoint } from '../devices.ts';

/** What an announcement leads to: a place to ask, and nothing that is believed. */
export interface Lead extends DeviceEndpoint {
  /** An address, never a name. */
  readonly host: string;
}

/** What was heard on the network. */
export interface Heard {
  readonly leads: readonly Lead[];
  /** Announcements that led nowhere: of no device's name, without an address, or too many. */
  readonly ignored: number;
}

/**
 * Listens for a while to who announces himself (RFC 6762, RFC 6763).
 *
 * @throws PosternError `search-unavailable` when the network cannot be listened to; `cancelled`
 */
export type FindOnNetwork = (signal: AbortSignal) => Promise<Heard>;

/**
 * Connects to an address and has whoever is there prove that he is a device of the CA.
 *
 * @returns the name in its certificate
 * @throws PosternError `unreachable` when nobody is there, `tls-refused` when he proves nothing, `not-a-device`
 */
export type ProbeAddress = (endpoint: DeviceEndpoint, signal: AbortSignal) => Promise<string>;
