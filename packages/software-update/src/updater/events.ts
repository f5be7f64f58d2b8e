import type { Instant } from '@postern/core';
import type { UpdateCredential } from '../credential/one-time-password.ts';
import type { VersionReport } from '../version-report/version-report.ts';
import type { ShareResult } from './state.ts';

/** What can happen to an update. `now` is the updater's clock. */
export type UpdaterEvent = { readonly now: Instant } & (
  | { readonly type: 'prepared'; readonly credential: UpdateCredential; readonly detail: string }
  | { readonly type: 'shared'; readonly target: ShareResult; readonly credential?: UpdateCredential }
  | { readonly type: 'reported'; readonly report: VersionReport }
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
