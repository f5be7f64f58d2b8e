import type { device } from '@postern/contracts';
import type { Instant } from '@postern/core';
import {
  type OrderOrigin,
  type Phase,
  STEPS,
  type StepDirection,
  type StepId,
  type StepOutcome,
  type StepPath,
  type TransferProgress,
} from '@postern/software-update';
import type { StoredUpdate } from '../updates/ports.ts';
import { type JournalLine, updateResult } from '../updates/result.ts';

/** An update as people at the site see it. */
export interface UpdateView {
  readonly id: string;
  readonly deviceId: string;
  readonly software: string;
  readonly orderedBy: OrderOrigin;
  readonly phase: Phase;
  readonly state: 'open' | device.UpdateOutcome;
  /** An operator has called it off; it may have come too late. */
  readonly cancelled: boolean;
  readonly deadline: Instant;
  /** What follows is known once it is decided. */
  readonly failure: { readonly code: string; readonly message: string } | null;
  readonly assurance: device.Assurance | null;
  readonly gaps: readonly device.AssuranceGap[];
  readonly credential: device.CredentialEnd | null;
  readonly reported: readonly { readonly component: string; readonly version: string }[];
}

/** A journal line as people see it. */
export interface StepView {
  readonly sequence: number;
  readonly at: Instant;
  readonly step: StepId;
  readonly title: string;
  readonly path: StepPath;
  readonly direction: StepDirection;
  readonly outcome: StepOutcome;
  readonly code: string | null;
  readonly detail: string | null;
}

/** What a follower is told. */
export type UpdateEvent =
  | { readonly type: 'step'; readonly step: StepView }
  | { readonly type: 'progress'; readonly progress: TransferProgress }
  | { readonly type: 'finished'; readonly update: UpdateView };

export const updateView = ({ job, state, cancelled }: StoredUpdate): UpdateView => {
  const common = {
    id: job.jobId,
    deviceId: job.deviceId,
    software: job.manifest.software,
    orderedBy: job.scheme.orderedBy,
    phase: state.phase,
    cancelled,
    deadline: job.deadline,
  };
  if (!isDecided(state.phase)) {
    return {
      ...common,
      state: 'open',
      failure: null,
      assurance: null,
      gaps: [],
      credential: null,
      reported: [],
    };
  }
  const result = updateResult(job, state, []);
  return {
    ...common,
    state: result.state,
    failure: result.failure ?? null,
    assurance: result.assurance,
    gaps: result.gaps?.gap ?? [],
    credential: result.credential,
    reported: result.components.item,
  };
};

/** Whether nothing of the result changes any more, but for an erasure that is owed. */
export const isDecided = (phase: Phase): boolean =>
  phase === 'reporting' || phase === 'owing' || phase === 'finished';

export const stepView = ({ sequence, at, step, outcome, code, detail }: JournalLine): StepView => ({
  sequence,
  at,
  step,
  title: STEPS[step].title,
  path: STEPS[step].path,
  direction: STEPS[step].direction,
  outcome,
  code: code ?? null,
  detail: detail ?? null,
});
