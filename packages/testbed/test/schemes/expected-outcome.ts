import {
  assuranceGaps,
  assuranceLevel,
  judgeScheme,
  orderSteps,
  type StepId,
  stepsOf,
  type UpdateScheme,
} from '@postern/software-update';

/** The parts of an update that each figure tells by numbers of its own; TLS has none. */
export const FIGURES: Readonly<Record<string, readonly StepId[]>> = {
  'Fig 13': ['S41', 'S42', 'S43', 'S44', 'S45', 'S46', 'S47', 'S48', 'S50', 'S51', 'S52', 'S53'],
  'Fig 17': ['S102', 'S103', 'S104', 'S105', 'S106'],
  'Fig 21': ['S401', 'S402', 'S403', 'S404', 'S405', 'S406'],
  'Fig 22': ['S411', 'S412', 'S413', 'S414', 'S415', 'S416', 'S417'],
  'Fig 23': ['S411', 'S402', 'S403', 'S404', 'S405', 'S406'],
  'Fig 24': ['S421', 'S422', 'S423', 'S424', 'S425'],
};

/** What an update does that installs something and meets no trouble. */
export interface Outcome {
  readonly state: string;
  readonly failure: string | null;
  readonly credential: string | null;
  readonly orderedBy: string;
  readonly assurance: string | null;
  readonly gaps: readonly string[];
  /** What the device said, and what it runs. */
  readonly reported: string;
  readonly runs: string;
  /** Steps that are done, in order. */
  readonly steps: readonly string[];
  /** Steps that failed, with their codes. */
  readonly failed: readonly string[];
}

/** The outcome that a scheme's verdict promises for a device that checks manifests and proves its reports. */
export const expectedOutcome = (scheme: UpdateScheme, version: string): Outcome => {
  const gaps = assuranceGaps(scheme, { manifestChecked: true, authenticatedReports: true });
  return {
    state: 'verified',
    failure: null,
    credential: 'erased',
    orderedBy: scheme.orderedBy,
    assurance: assuranceLevel(gaps),
    gaps,
    reported: version,
    runs: version,
    steps: expectedSteps(scheme),
    failed: [],
  };
};

/** The journal of an update from its order to its report. */
export const expectedSteps = (scheme: UpdateScheme): readonly StepId[] => {
  const steps = stepsOf(scheme);
  // Fig 23: the password came with the order.
  const isShared = scheme.orderedBy === 'panel' && orderSteps(scheme).includes('S406');
  return [
    ...orderSteps(scheme),
    'IMAGE',
    ...(isShared ? [] : [...steps.making, ...steps.sharing]),
    ...steps.reading,
    ...steps.marking,
    'S110',
    ...steps.sending,
    ...steps.restarting,
    'S115',
    ...steps.taking,
    ...steps.rereading,
    'S119',
    ...steps.erasing,
    'S124',
  ];
};

/** Steps that the figures of the scheme's verdict name, and the journal has not. */
export const stepsMissing = (scheme: UpdateScheme, journal: readonly string[]): readonly string[] => {
  const verdict = judgeScheme(scheme);
  const figures = verdict.allowed ? verdict.figures : [];
  return figures.flatMap((figure) => FIGURES[figure] ?? []).filter((step) => !journal.includes(step));
};
