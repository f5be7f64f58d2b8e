import { describe, expect, test } from '@jest/globals';
import {
  isOpen,
  nextState,
  OPEN_STATES,
  UPDATE_STATES,
  type UpdateEvent,
} from '../../src/domain/update-state.ts';

const EVENTS: readonly UpdateEvent[] = [
  'fetched',
  'delayed',
  'answered-verified',
  'answered-not-required',
  'answered-failed',
  'answered-cancelled',
  'called-off',
  'deadline-passed',
  'given-up',
];

/** Every cell of the table; '-' where the event changes nothing. */
const TABLE = {
  ordered: ['sent', '-', '-', '-', '-', '-', 'cancelled', 'expired', '-'],
  sent: ['sent', 'running', 'verified', 'not-required', 'failed', 'cancelled', '-', '-', 'failed'],
  running: ['running', 'running', 'verified', 'not-required', 'failed', 'cancelled', '-', '-', 'failed'],
  verified: ['-', '-', '-', '-', '-', '-', '-', '-', '-'],
  'not-required': ['-', '-', '-', '-', '-', '-', '-', '-', '-'],
  failed: ['-', '-', '-', '-', '-', '-', '-', '-', '-'],
  cancelled: ['-', '-', '-', '-', '-', '-', '-', '-', '-'],
  expired: ['-', '-', '-', '-', '-', '-', '-', '-', '-'],
} as const;

describe('the life of an update', () => {
  test.each(UPDATE_STATES)('from %s', (state) => {
    expect(EVENTS.map((event) => nextState(state, event) ?? '-')).toEqual(TABLE[state]);
  });

  test('is over in every state without a way out', () => {
    expect(OPEN_STATES).toEqual(['ordered', 'sent', 'running']);
    expect(UPDATE_STATES.filter((state) => !isOpen(state))).toHaveLength(5);
  });
});
