/**
 * The life of a request to a device or an intermediary, as the server sees it. The first decision stands: an answer that
 * comes after the end is kept beside it, and changes no state.
 *
 * @spec R1 R2
 */
export const REQUEST_STATES = [
  'waiting',
  'sent',
  'taken',
  'answered',
  'refused',
  'unreachable',
  'expired',
  'withdrawn',
] as const;

export type RequestState = (typeof REQUEST_STATES)[number];

export type RequestEvent =
  /** It goes down in a poll answer, for the first time or again. */
  | 'went-down'
  /** The intermediary has stored it: by its receipt, or because it says that the answer takes longer. */
  | 'acknowledged'
  | 'answered'
  /** The target, or a node on the way, would not. */
  | 'refused'
  /** The site could not reach the device. */
  | 'unreachable'
  /** The site has let it expire. */
  | 'too-late'
  /** Its deadline has passed here. */
  | 'deadline-passed'
  /** The site has told nothing long after the deadline. */
  | 'given-up'
  /** An operator calls it off, or the update that it is about has ended. */
  | 'called-off';

type Row = Readonly<Partial<Record<RequestEvent, RequestState>>>;

const ANSWERS: Row = {
  answered: 'answered',
  refused: 'refused',
  unreachable: 'unreachable',
  'too-late': 'expired',
  'given-up': 'expired',
};

const TRANSITIONS: Readonly<Record<RequestState, Row>> = {
  waiting: { 'went-down': 'sent', 'deadline-passed': 'expired', 'called-off': 'withdrawn' },
  sent: { ...ANSWERS, 'went-down': 'sent', acknowledged: 'taken', 'called-off': 'withdrawn' },
  taken: { ...ANSWERS, acknowledged: 'taken' },
  answered: {},
  refused: {},
  unreachable: {},
  expired: {},
  withdrawn: {},
};

/** The state after `event`; undefined where the event changes nothing (too early, too late). */
export const nextRequestState = (state: RequestState, event: RequestEvent): RequestState | undefined =>
  TRANSITIONS[state][event];

/** Nothing more will come of it, but for a late answer. */
export const hasEnded = (state: RequestState): boolean => Object.keys(TRANSITIONS[state]).length === 0;

/** What a site's failure makes of a request. */
export const eventOfFailure = (code: string): RequestEvent => {
  if (code === 'device-unreachable') return 'unreachable';
  return code === 'deadline-exceeded' ? 'too-late' : 'refused';
};
