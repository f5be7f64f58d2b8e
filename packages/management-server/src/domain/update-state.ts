/**
 * The life of an update as the server sees it. What happens at the site between `sent` and the answer is told by
 * phase and journal; only the answer ends it, because the server cannot know what a silent site is doing.
 */
export const UPDATE_STATES = [
  'ordered',
  'sent',
  'running',
  'verified',
  'not-required',
  'failed',
  'cancelled',
  'expired',
] as const;

export type UpdateState = (typeof UPDATE_STATES)[number];

/** How the intermediary's answer can end an update. */
export type AnsweredState = 'verified' | 'not-required' | 'failed' | 'cancelled';

export type UpdateEvent =
  /** Its request goes down in a poll answer, for the first time or again. */
  | 'fetched'
  /** The intermediary says that the answer takes longer. */
  | 'delayed'
  | 'answered-verified'
  | 'answered-not-required'
  | 'answered-failed'
  | 'answered-cancelled'
  /** An operator calls it off. */
  | 'called-off'
  /** Its deadline has passed. */
  | 'deadline-passed'
  /** An operator calls it off although the site, long past the deadline, has told nothing of its end. */
  | 'given-up'
  /** The device is at another place now than the one that is to update it. */
  | 'device-moved';

type Row = Readonly<Partial<Record<UpdateEvent, UpdateState>>>;

const ANSWERS: Row = {
  'answered-verified': 'verified',
  'answered-not-required': 'not-required',
  'answered-failed': 'failed',
  'answered-cancelled': 'cancelled',
};

const TRANSITIONS: Readonly<Record<UpdateState, Row>> = {
  ordered: { fetched: 'sent', 'called-off': 'cancelled', 'deadline-passed': 'expired' },
  sent: { ...ANSWERS, fetched: 'sent', delayed: 'running', 'given-up': 'failed', 'device-moved': 'failed' },
  running: {
    ...ANSWERS,
    fetched: 'running',
    delayed: 'running',
    'given-up': 'failed',
    'device-moved': 'failed',
  },
  verified: {},
  'not-required': {},
  failed: {},
  cancelled: {},
  expired: {},
};

/** The state after `event`; undefined where the event changes nothing (too early, or the update has ended). */
export const nextState = (state: UpdateState, event: UpdateEvent): UpdateState | undefined =>
  TRANSITIONS[state][event];

/** The states in which a device is taken: it can have one such update. */
export const OPEN_STATES: readonly UpdateState[] = UPDATE_STATES.filter(
  (state) => Object.keys(TRANSITIONS[state]).length > 0,
);

export const isOpen = (state: UpdateState): boolean => OPEN_STATES.includes(state);
