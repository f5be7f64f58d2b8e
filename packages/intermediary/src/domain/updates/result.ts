import type { device, types } from '@postern/contracts';
import type { Instant } from '@postern/core';
import {
  assuranceGaps,
  assuranceLevel,
  type JournalEntry,
  STEPS,
  UPDATE_ERRORS,
  type UpdateJob,
  type UpdaterState,
} from '@postern/software-update';
import { wireCode, wireText } from '../wire-text.ts';

/** One line of a journal as it was stored. */
export interface JournalLine extends JournalEntry {
  /** 1 for the first line of a job. */
  readonly sequence: number;
  readonly at: Instant;
}

/** A journal line as contracts carry it. */
export const journalStep = ({
  sequence,
  at,
  step,
  outcome,
  code,
  detail,
}: JournalLine): device.JournalStep => ({
  sequence,
  step,
  path: STEPS[step].path,
  direction: STEPS[step].direction,
  at,
  outcome,
  ...(code === undefined ? {} : { code: wireCode(code) }),
  ...(detail === undefined ? {} : { detail: wireText(detail) }),
});

/**
 * The answer to an UpdateSoftware request (S124).
 *
 * @param state in the phase `reporting`
 * @spec U9 A2 A3
 */
export const updateResult = (
  { scheme, manifest }: Pick<UpdateJob, 'scheme' | 'manifest'>,
  state: UpdaterState,
  journal: readonly JournalLine[],
): device.UpdateSoftwareResponse => {
  const { outcome, target } = state;
  if (outcome === undefined) throw new TypeError('An update that is reported has an outcome');
  const gap = assuranceGaps(scheme, target);
  return {
    state: outcome.state,
    assurance: assuranceLevel(gap),
    components: {
      item: Object.entries(state.versions).map(([component, version]) => ({ component, version })),
    },
    ...('failure' in outcome ? { failure: failure(outcome.failure) } : {}),
    credential: credentialEnd(state),
    journal: { step: journal.map(journalStep) },
    software: manifest.software,
    orderedBy: scheme.orderedBy,
    gaps: { gap },
  };
};

const credentialEnd = ({ shared, erased }: UpdaterState): device.CredentialEnd => {
  if (shared === 'no') return 'none';
  return erased ? 'erased' : 'owed';
};

const failure = ({
  code,
  message,
}: {
  code: keyof typeof UPDATE_ERRORS;
  message: string;
}): types.Failure => ({
  code,
  message: wireText(message),
  hint: wireText(UPDATE_ERRORS[code]),
});
