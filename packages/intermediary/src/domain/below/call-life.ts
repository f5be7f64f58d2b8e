/**
 * How far the site is with something that a device said.
 *
 * | state | |
 * |---|---|
 * | `waiting` | the node above has not answered; the device may wait for it, or repeat itself |
 * | `answered` | the device has its answer |
 * | `failed-told` | the device was told that its call failed; it is still on its way up (Fig 11 B) |
 * | `deferred` | the node above gave a delay notice |
 * | `late` | the answer came when nobody waited for it: it is to be shown on the panel |
 * | `shown` | the panel shows it |
 * | `lost` | given up: nobody will ever answer it, or the answer cannot be shown |
 */
export type CallState = 'waiting' | 'answered' | 'failed-told' | 'deferred' | 'late' | 'shown' | 'lost';

/**
 * What happens to it. `answered`: while the device waits; `answered-unheard`: while nobody does. `asked-again`: the
 * device repeats itself and takes the answer that was to be shown.
 */
export type CallEvent =
  | 'answered'
  | 'answered-unheard'
  | 'delayed'
  | 'timed-out'
  | 'asked-again'
  | 'shown'
  | 'given-up';

const NEXT: Readonly<Record<CallState, Partial<Readonly<Record<CallEvent, CallState>>>>> = {
  waiting: {
    answered: 'answered',
    'answered-unheard': 'late',
    delayed: 'deferred',
    'timed-out': 'failed-told',
    'given-up': 'lost',
  },
  'failed-told': { answered: 'late', 'answered-unheard': 'late', delayed: 'deferred', 'given-up': 'lost' },
  deferred: { answered: 'late', 'answered-unheard': 'late', 'given-up': 'lost' },
  late: { 'asked-again': 'answered', shown: 'shown', 'given-up': 'lost' },
  answered: {},
  shown: {},
  lost: {},
};

/**
 * What a call becomes; undefined when the event changes nothing: the first answer wins.
 *
 * @spec R6 R7
 */
export const nextCallState = (state: CallState, event: CallEvent): CallState | undefined =>
  NEXT[state][event];

/** Nothing more will happen to a call in one of these. */
export const FINAL_CALL_STATES: readonly CallState[] = ['answered', 'shown', 'lost'];
