import type { ShareResult } from '../updater/state.ts';
import { judgeScheme } from './judge-scheme.ts';
import type { AssuranceGap, UpdateScheme } from './update-scheme.ts';

/** `full`: without gaps. `patent`: the device neither checks a manifest nor proves its reports. `partial`: between. */
export type AssuranceLevel = 'full' | 'partial' | 'patent';

/**
 * What one update did without: what its scheme gives up, and what its device does not do. A device that proves
 * nothing on the secure path (A2) is taken at its word here: `device-unauthenticated` says what the word is worth.
 *
 * @param target what the device answered; `undefined` when it never did
 * @spec A1 A2 A3 P1 X1 X2
 */
export const assuranceGaps = (
  scheme: UpdateScheme,
  target: Pick<ShareResult, 'manifestChecked' | 'authenticatedReports'> | undefined,
): readonly AssuranceGap[] => {
  const verdict = judgeScheme(scheme);
  return [
    ...(target?.manifestChecked === true ? [] : (['manifest-unchecked'] as const)),
    ...(target?.authenticatedReports === true ? [] : (['reports-unauthenticated'] as const)),
    ...(verdict.allowed ? verdict.gaps : []),
  ];
};

/**
 * How far a result can be trusted.
 *
 * @spec X1 X2
 */
export const assuranceLevel = (gaps: readonly AssuranceGap[]): AssuranceLevel => {
  if (gaps.length === 0) return 'full';
  return gaps.includes('manifest-unchecked') && gaps.includes('reports-unauthenticated')
    ? 'patent'
    : 'partial';
};
