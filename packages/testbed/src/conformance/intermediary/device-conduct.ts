import type { DeviceOperations } from '@postern/contracts';
import type { SoapHandlers } from '@postern/soap-rpc';

/** How the device that is played behaves; a check says what it wants otherwise. */
export interface DeviceConduct {
  /** What it runs, by component. */
  readonly versions: Readonly<Record<string, string>>;
  /** It does what goes beyond the patent: authenticated reports, and it says that it has checked manifests. */
  readonly beyondPatent: boolean;
  /** Answers in place of its own. */
  readonly answers: Partial<SoapHandlers<DeviceOperations>>;
  /** The image that it takes for whole, and what it then runs. */
  readonly awaited?: {
    readonly component: string;
    readonly sha256: string;
    readonly length: number;
    readonly version: string;
  };
  /** It restarts with what it had. */
  readonly losesImages?: boolean;
  /** Its reports are authenticated with another key. */
  readonly forgesReports?: boolean;
  /** The bulk connection drops once, after so many bytes. */
  readonly dropsAfter?: number;
}
