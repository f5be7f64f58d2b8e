import type { Instant } from '@postern/core';
import type { UpdateCredential } from '../credential/one-time-password.ts';
import type { VersionReport } from '../version-report/version-report.ts';
import type { ShareResult } from './state.ts';

/** What can happen to an update. `now` is the updater's clock. */
export type UpdaterEvent = {
  readonly now: Instant;
} /** Without a credential where the target makes it, where it comes from a list, or where it is shared already. */ & (
  | { readonly type: 'prepared'; readonly credential?: UpdateCredential; readonly detail: string }
  /** With the credential that the target has made, or that was taken from a list. */
  | { readonly type: 'shared'; readonly target: ShareResult; readonly credential?: UpdateCredential }
  | {
      readonly type: 'reported';
      readonly report: VersionReport;
      /** What the device said when it was told that the listed password is used up. */
      readonly spent?: { readonly manifestChecked: boolean };
    }
  | { readonly type: 'transferred'; readonly detail: string }
  /** While it was about to send, the updater learned that the device runs the new version already. */
  | { readonly type: 'already-installed' }
  | { readonly type: 'connection-dropped' }
  | { readonly type: 'start-notified'; readonly program: string }
  | { readonly type: 'not-returned' }
  | { readonly type: 'erased' }
  | { readonly type: 'acknowledged' }
  | { readonly type: 'credential-expired' }
  | EffectFailed
  | { readonly type: 'deadline-passed' }
  | { readonly type: 'cancelled' }
);

export interface EffectFailed {
  readonly type: 'failed';
  readonly code: string;
  readonly message: string;
}
