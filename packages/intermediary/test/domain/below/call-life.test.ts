import { describe, expect, test } from '@jest/globals';
import {
  type CallEvent,
  type CallState,
  FINAL_CALL_STATES,
  nextCallState,
} from '../../../src/domain/below/call-life.ts';

const STATES: readonly CallState[] = [
  'waiting',
  'answered',
  'failed-told',
  'deferred',
  'late',
  'shown',
  'lost',
];
const EVENTS: readonly CallEvent[] = [
  'answered',
  'answered-unheard',
  'delayed',
  'timed-out',
  'asked-again',
  'shown',
  'given-up',
];

/** Every state under every event, in the order of EVENTS; a dash where nothing changes. */
const TABLE: Readonly<Record<CallState, string>> = {
  waiting: 'answered late deferred failed-told - - lost',
  'failed-told': 'late late deferred - - - lost',
  deferred: 'late late - - - - lost',
  late: '- - - - answered shown lost',
  answered: '- - - - - - -',
  shown: '- - - - - - -',
  lost: '- - - - - - -',
};

/** @spec R6 R7 */
describe('the life of a call', () => {
  test.each(STATES)('from %s', (state) => {
    expect(EVENTS.map((event) => nextCallState(state, event) ?? '-').join(' ')).toBe(TABLE[state]);
  });

  test('ends where nothing changes any more', () => {
    const endless = STATES.filter((state) =>
      EVENTS.some((event) => nextCallState(state, event) !== undefined),
    );
    expect(STATES.filter((state) => !endless.includes(state))).toEqual(FINAL_CALL_STATES);
  });
});
