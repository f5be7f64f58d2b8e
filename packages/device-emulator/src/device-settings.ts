import type { Duration } from '@postern/core';
import type { BulkPathKind, Party, TlsMode } from '@postern/software-update';
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
  /** May call the device, and is the only one that the device itself calls. */
  readonly name: string;
  /** Of the intermediary contract over TLS. */
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
  /** Of the bulk path, whatever its kind. */
  readonly ftp: Address;
  /** Where requests without secrets come in plain HTTP; absent: nowhere. */
  readonly plain?: Address;
  readonly intermediary: DeviceIntermediary;
  /** Stand-alone update tools (role intermediary) that may call the device beside its intermediary, by name. */
  readonly updaters: readonly string[];
  /** Who proves to be who between device and intermediary; written down at both ends, never negotiated. */
  readonly secureLink: TlsMode;
  readonly bulkPathKind: BulkPathKind;
  /** `none`: what time it is has to be signed by somebody the device trusts. */
  readonly clock: 'real-time' | 'none';
  /** The list of passwords that was carried here (P1). */
  readonly passwordListFile?: string;
  /** The erasure password of a device that knows only one way to make it; absent: as it is asked to. */
  readonly erasure?: 'random' | 'fixed';
  /** Who makes the password of an update that is ordered at the panel. */
  readonly panelOrders: Party;
  /** From power to an engine that works; the profile's unless given. */
  readonly engineStartUp?: Duration;
  /** How long a call for service may go unanswered before the panel says that it has failed; 30 s unless given. */
  readonly callTimeout?: Duration;
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
