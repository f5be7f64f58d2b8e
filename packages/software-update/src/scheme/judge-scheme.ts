import type { AssuranceGap, UpdateScheme } from './update-scheme.ts';

/** What is to be said of a scheme. */
export type SchemeVerdict =
  | {
      readonly allowed: true;
      /** The figures of the scheme's description that this combination stands for. */
      readonly figures: readonly string[];
      /** What it gives up whatever the device does. */
      readonly gaps: readonly AssuranceGap[];
    }
  | {
      readonly allowed: false;
      /** Why, as a sentence for operators. */
      readonly reason: string;
    };

/** Combinations that would let somebody unproven decide what only a proven node may. */
const refusal = (scheme: UpdateScheme): string | undefined => {
  if (scheme.credential === 'password-list') {
    if (scheme.bulkPathKind !== 'ftp')
      return 'A password list has no secure path on which the key of an encrypted bulk path could be pinned';
    if (scheme.orderedBy === 'panel')
      return 'An order at the panel needs the secure path, which a password list does without';
    return undefined;
  }
  if (scheme.tls === 'intermediary-authenticated') {
    if (scheme.orderedBy === 'panel') return 'A device that proves nothing cannot order its own update';
    if (scheme.eraser === 'target')
      return 'A device that proves nothing cannot vouch for the end of a password: the updater has to erase it';
  }
  return undefined;
};

/**
 * Decides on a scheme.
 *
 * @spec U11 U12 U15 U16 U17 U18 P1 A1 A2 A3
 */
export const judgeScheme = (scheme: UpdateScheme): SchemeVerdict => {
  const reason = refusal(scheme);
  if (reason !== undefined) return { allowed: false, reason };
  if (scheme.credential === 'password-list') {
    return { allowed: true, figures: ['Fig 12', 'Fig 13'], gaps: ['listed-password'] };
  }
  const { orderedBy, passwordGenerator, eraser, tls } = scheme;
  return {
    allowed: true,
    figures: [
      SHARING[orderedBy === 'panel' ? 'panel' : 'outside'][passwordGenerator],
      ...(eraser === 'target' ? ['Fig 24'] : []),
      TLS[tls].figure,
    ],
    gaps: TLS[tls].gaps,
  };
};

const SHARING = {
  outside: { updater: 'Fig 17', target: 'Fig 21' },
  panel: { updater: 'Fig 22', target: 'Fig 23' },
} as const;

const TLS = {
  mutual: { figure: 'Fig 14', gaps: [] },
  'intermediary-authenticated': { figure: 'Fig 15', gaps: ['device-unauthenticated'] },
  'device-authenticated': { figure: 'Fig 16', gaps: ['updater-unauthenticated'] },
} as const;
