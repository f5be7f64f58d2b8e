import type { Clock, Entropy, Logger } from '@postern/core';
import type { VendorTrust } from '@postern/software-update';
import type { ProgramKind } from './program.ts';

/** What happens to a device, for whoever watches it. */
export type DeviceEvent =
  | {
      readonly type: 'started';
      readonly program: ProgramKind;
      readonly versions: Readonly<Record<string, string>>;
    }
  /** The intermediary has accepted the start notification. */
  | { readonly type: 'announced'; readonly program: ProgramKind }
  | { readonly type: 'restarting' }
  | { readonly type: 'stopped' }
  | { readonly type: 'halted'; readonly code: string };

/** What all devices of a process share. */
export interface DevicePorts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  /** Burnt into the devices. */
  readonly vendorTrust: VendorTrust;
  readonly onEvent?: (deviceId: string, event: DeviceEvent) => void;
}
