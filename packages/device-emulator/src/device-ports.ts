import type { StepObserver } from '@postern/contracts';
import type { Clock, Entropy, Logger } from '@postern/core';
import type { RevocationList } from '@postern/pki';
import type { TimeKeys, VendorTrust } from '@postern/software-update';
import type { PanelOrderResult } from './domain/panel-order.ts';
import type { CallResult } from './domain/service-calls.ts';
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
  /** A line appeared on the display of the panel. */
  | { readonly type: 'panel'; readonly line: string }
  /** An update was ordered at the panel, and this came of it. */
  | ({ readonly type: 'order' } & PanelOrderResult)
  /** Service was called at the panel, and this came of it. */
  | ({ readonly type: 'call' } & CallResult)
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
  /** Burnt in as well: whose word on the time a device without a clock takes. */
  readonly timeKeys: TimeKeys;
  /** Absent where nobody is ever revoked. */
  readonly revocations?: RevocationList | undefined;
  readonly onEvent?: (deviceId: string, event: DeviceEvent) => void;
  /** Told of the steps of Fig 10 and 11 that a device takes. */
  readonly onStep?: StepObserver | undefined;
  /** Something that can be seen of the device has changed: its display, engine, jobs, NV-RAM or power. */
  readonly onChange?: ((deviceId: string) => void) | undefined;
}
