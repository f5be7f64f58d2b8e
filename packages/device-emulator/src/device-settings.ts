import type { DeviceFaults } from './domain/faults.ts';
import type { DeviceProfile } from './domain/profile.ts';

/** Where a device listens, and under which name others reach it. */
export interface Address {
  /** Address to listen on. */
  readonly host: string;
  /** 0: chosen by the system at the first start, and kept from then on. */
  readonly port: number;
  /** What the device tells others to connect to; `host` unless given. */
  readonly advertisedHost?: string;
  /** The port that others connect to; the one it listens on unless given. */
  readonly advertisedPort?: number;
}

/** The one intermediary that the device was installed with. */
export interface DeviceIntermediary {
  /** The only name that may call the device. */
  readonly name: string;
  /** Of the intermediary contract over mutual TLS. */
  readonly secureUrl: string;
  /** For start notifications in plain HTTP. */
  readonly noticeUrl: string;
}

/** One emulated device. */
export interface DeviceSettings {
  readonly id: string;
  /** The device's own directory: NV-RAM and slots. */
  readonly directory: string;
  readonly profile: DeviceProfile;
  readonly model: string;
  /** The bundle of its certificate. */
  readonly identityDirectory: string;
  readonly soap: Address;
  readonly ftp: Address;
  readonly intermediary: DeviceIntermediary;
  /** Refuses an update that comes without a signed manifest. */
  readonly requireManifest: boolean;
  readonly faults: DeviceFaults;
}

/** The host and port that others are told, for a listener on `port`. */
export const advertised = (
  address: Address,
  port: number,
): { readonly host: string; readonly port: number } => ({
  host: address.advertisedHost ?? address.host,
  port: address.advertisedPort ?? port,
});
