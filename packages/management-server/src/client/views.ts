import type { StepDirection, StepOutcome, StepPath } from '@postern/software-update';
import type { UpdateState } from '../domain/update-state.ts';

/** The REST API's answers, as docs/rest-api.md describes them. Times are ISO 8601. */

export interface SoftwareView {
  readonly id: string;
  readonly software: string;
  readonly model: string;
  readonly expires: string;
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly length: number;
    readonly sha256: string;
    readonly releaseCounter: number;
  }[];
}

export interface DeviceView {
  readonly id: string;
  readonly model: string;
  readonly intermediary: string;
  readonly components: readonly { readonly component: string; readonly version: string }[];
}

export interface OrderRequest {
  readonly deviceId: string;
  /** A software identifier (`sw-…`). */
  readonly software: string;
  readonly deadlineSeconds?: number;
}

export interface ProgressView {
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond?: number;
}

export interface UpdateView {
  readonly id: string;
  readonly deviceId: string;
  readonly state: UpdateState;
  readonly phase?: string;
  readonly progress?: ProgressView;
  readonly failure?: { readonly code: string; readonly message: string; readonly hint?: string };
  readonly assurance?: string;
  readonly credential?: string;
  readonly components?: readonly { readonly component: string; readonly version: string }[];
}

export interface JournalStepView {
  readonly step: string;
  readonly title: string;
  readonly path: StepPath;
  readonly direction: StepDirection;
  readonly outcome: StepOutcome;
  readonly at: string;
  readonly code?: string;
  readonly detail?: string;
}
