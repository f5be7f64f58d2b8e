import type { device } from '@postern/contracts';
import type { Instant } from '@postern/core';
import type { ShownAssurance } from './updates/assurance-memory.ts';

/** A device as it registered over mutual TLS. */
export interface RegisteredDevice {
  readonly information: device.DeviceInformation;
  /** The address it registered from. */
  readonly address: string;
  readonly lastContact: Instant;
  /** Revision of the list of devices at which it changed last. */
  readonly revision: number;
  /** An operator has given it up: it is refused until it is adopted again. */
  readonly released: boolean;
}

/** The devices of this site. All calls are synchronous and durable on return. */
export interface DeviceStore {
  /** Stores what a device said of itself, as the newest change of the list. */
  register(information: device.DeviceInformation, address: string, at: Instant): void;
  /** Marks a registered device as released, or not: as the newest change of the list. Registering alone changes neither. */
  setReleased(deviceId: string, released: boolean): void;
  get(deviceId: string): RegisteredDevice | undefined;
  /** What the device has once done for an update; nothing of one that is not known. */
  assurance(deviceId: string): ShownAssurance;
  noteAssurance(deviceId: string, shown: ShownAssurance): void;
  /** The revision of the whole list; 0 while it is empty. */
  revision(): number;
  /** What changed after `revision`, oldest change first. */
  changedSince(revision: number, limit: number): readonly RegisteredDevice[];
}

/** Where a device can be reached on one of its paths; a host it leaves to us is the address it registered from. */
export interface DeviceEndpoint {
  readonly host: string;
  readonly port: number;
}

/** Hosts that mean "wherever you see me". */
const UNSPECIFIED: readonly string[] = ['0.0.0.0', '::'];

export const endpointOf = (
  endpoint: DeviceEndpoint | undefined,
  { address }: Pick<RegisteredDevice, 'address'>,
): DeviceEndpoint | undefined => {
  if (endpoint === undefined) return undefined;
  return UNSPECIFIED.includes(endpoint.host) ? { host: address, port: endpoint.port } : endpoint;
};
