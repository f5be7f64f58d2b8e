import { describe, expect, test } from '@jest/globals';
import {
  eventOfFailure,
  hasEnded,
  nextRequestState,
  REQUEST_STATES,
  type RequestEvent,
} from '../../../src/domain/requests/request-state.ts';

const EVENTS: readonly RequestEvent[] = [
  'went-down',
  'acknowledged',
  'answered',
  'refused',
  'unreachable',
  'too-late',
  'deadline-passed',
  'given-up',
  'called-off',
];

const NOTHING = EVENTS.map(() => '-');

/** Every cell of the table; '-' where the event changes nothing. */
const TABLE = {
  waiting: ['sent', '-', '-', '-', '-', '-', 'expired', '-', 'withdrawn'],
  sent: ['sent', 'taken', 'answered', 'refused', 'unreachable', 'expired', '-', 'expired', 'withdrawn'],
  taken: ['-', 'taken', 'answered', 'refused', 'unreachable', 'expired', '-', 'expired', '-'],
  answered: NOTHING,
  refused: NOTHING,
  unreachable: NOTHING,
  expired: NOTHING,
  withdrawn: NOTHING,
} as const;

/** @spec R1 R2 */
describe('the life of a request', () => {
  test.each(REQUEST_STATES)('from %s', (state) => {
    expect(EVENTS.map((event) => nextRequestState(state, event) ?? '-')).toEqual(TABLE[state]);
  });

  test('is over in every state without a way out', () => {
    expect(REQUEST_STATES.filter((state) => !hasEnded(state))).toEqual(['waiting', 'sent', 'taken']);
  });

  test.each([
    ['device-unreachable', 'unreachable'],
    ['deadline-exceeded', 'too-late'],
    ['outcome-unknown', 'refused'],
    ['', 'refused'],
  ])('the failure %s is %s', (code, event) => {
    expect(eventOfFailure(code)).toBe(event);
  });
});
