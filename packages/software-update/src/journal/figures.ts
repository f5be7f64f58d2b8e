import type { Invalidation, OrderOrigin, UpdateScheme } from '../scheme/update-scheme.ts';
import type { Phase } from '../updater/state.ts';
import type { StepId } from './steps.ts';

type Steps = readonly [StepId, ...StepId[]];

/** Under which numbers the parts of an update are written to its journal. */
export interface SchemeSteps {
  /** Before anything is sent. */
  readonly making: readonly StepId[];
  readonly sharing: Steps;
  /** Log in, read, log out. */
  readonly reading: readonly [StepId, StepId, StepId];
  /** A listed password is marked as used on both sides. */
  readonly marking: readonly StepId[];
  /** Log in, send. */
  readonly sending: readonly [StepId, StepId];
  /** Update, restart. */
  readonly restarting: readonly [StepId, StepId];
  /** A new password for the reading after the restart. */
  readonly taking: readonly StepId[];
  /** As `reading`, after the restart. */
  readonly rereading: readonly [StepId, StepId, StepId];
  readonly erasing: Steps;
  /** The step that a failure of a phase's effect is written to; `marking`: of the second half of `checking`. */
  readonly failing: Readonly<Partial<Record<Phase | 'marking', StepId>>>;
}

const FIG_17: SchemeSteps = {
  making: ['S102'],
  sharing: ['S103', 'S104', 'S105', 'S106'],
  reading: ['S107', 'S108', 'S109'],
  marking: [],
  sending: ['S111', 'S112'],
  restarting: ['S113', 'S114'],
  taking: [],
  rereading: ['S116', 'S117', 'S118'],
  erasing: ['S120', 'S121', 'S122', 'S123'],
  failing: {
    preparing: 'IMAGE',
    sharing: 'S104',
    checking: 'S108',
    transferring: 'S112',
    restarting: 'S115',
    rechecking: 'S117',
    erasing: 'S121',
    owing: 'S121',
  },
};

const MARKING: Steps = ['S45', 'S46', 'S47', 'S48'];

/** Fig 13. What it leaves without a number keeps that of Fig 17: S110, S115, S119, S124. */
const FIG_13: SchemeSteps = {
  making: [],
  sharing: ['S41'],
  reading: ['S42', 'S43', 'S44'],
  marking: MARKING,
  sending: ['S50', 'S51'],
  restarting: ['S52', 'S53'],
  taking: ['S54'],
  rereading: ['S55', 'S56', 'S57'],
  erasing: MARKING,
  failing: {
    preparing: 'IMAGE',
    sharing: 'S41',
    checking: 'S43',
    marking: 'S46',
    transferring: 'S51',
    restarting: 'S115',
    rechecking: 'S56',
    erasing: 'S46',
    owing: 'S46',
  },
};

type Part = Pick<SchemeSteps, 'making' | 'sharing' | 'failing'>;

const FIG_21: Part = {
  making: [],
  sharing: ['S401', 'S402', 'S403', 'S404', 'S405', 'S406'],
  failing: { sharing: 'S401' },
};

const FIG_22: Part = {
  making: ['S413'],
  sharing: ['S414', 'S415', 'S416', 'S417'],
  failing: { sharing: 'S415' },
};

const FIG_24: Pick<SchemeSteps, 'erasing' | 'failing'> = {
  erasing: ['S421', 'S422', 'S423', 'S424', 'S425'],
  failing: { erasing: 'S422', owing: 'S422' },
};

/** A request without secrets may come in plain HTTP: no secure path is opened for it. */
const BY_REQUEST: Pick<SchemeSteps, 'erasing' | 'failing'> = { erasing: ['S121', 'S122'], failing: {} };

/**
 * The steps of a scheme.
 *
 * @spec U15 U16 U18 P1
 */
export const stepsOf = (scheme: UpdateScheme): SchemeSteps => {
  if (scheme.credential === 'password-list') return FIG_13;
  const sharing = scheme.passwordGenerator === 'target' ? FIG_21 : updaterShares(scheme.orderedBy);
  const erasing = scheme.eraser === 'target' ? FIG_24 : updaterErases(scheme.invalidation);
  return {
    ...FIG_17,
    ...sharing,
    ...erasing,
    failing: { ...FIG_17.failing, ...sharing.failing, ...erasing.failing },
  };
};

const updaterShares = (orderedBy: OrderOrigin): Part =>
  orderedBy === 'panel' ? FIG_22 : { making: FIG_17.making, sharing: FIG_17.sharing, failing: {} };

const updaterErases = (invalidation: Invalidation): Pick<SchemeSteps, 'erasing' | 'failing'> =>
  invalidation === 'request' ? BY_REQUEST : { erasing: FIG_17.erasing, failing: {} };

/**
 * The steps that an order is written down with, by whoever takes it.
 *
 * @spec U16 U17
 */
export const orderSteps = (scheme: UpdateScheme): Steps => {
  if (scheme.orderedBy === 'server') return ['S101'];
  if (scheme.orderedBy !== 'panel') return ['ORDER'];
  if (scheme.credential === 'password-list' || scheme.passwordGenerator === 'updater')
    return ['S411', 'S412'];
  return ['S411', 'S402', 'S403', 'S404', 'S405', 'S406'];
};
