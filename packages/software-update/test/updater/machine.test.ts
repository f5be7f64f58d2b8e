import { describe, expect, test } from '@jest/globals';
import {
  advance,
  isCancellable,
  type Phase,
  type Transition,
  type UpdaterState,
} from '@postern/software-update';
import {
  EVENTS,
  type EventName,
  JOB,
  jobOf,
  LISTED,
  STATES,
  statesOf,
  TARGET_MADE,
} from './states-and-events.ts';
import {
  headingOf,
  LISTED_DIFFERS,
  NEXT_PHASE,
  OUTCOME_AND_STEPS,
  rowsOf,
  TARGET_MADE_DIFFERS,
} from './transition-table.ts';

const phases = headingOf(NEXT_PHASE).slice(1) as readonly Phase[];
const cells = rowsOf(NEXT_PHASE).flatMap(([event, ...row]) =>
  row.map((cell, at) => [phases[at], event, cell] as [Phase, EventName, string]),
);

const nameOf = (before: UpdaterState, { state }: Transition): string => {
  if (state === before) return 'unchanged';
  if (state.phase !== before.phase) return state.phase;
  if (state.transfers > before.transfers) return 'again';
  return state.tries > before.tries ? 'retry' : 'stays';
};

const MARKS = { done: '', started: '…', failed: '✗' } as const;
const journalOf = ({ steps }: Transition): string =>
  steps.map(({ step, outcome }) => `${step}${MARKS[outcome]}`).join(' ');

const outcomeOf = (before: UpdaterState, { state }: Transition): string => {
  const { outcome } = state;
  if (outcome === undefined || outcome === before.outcome) return '';
  return outcome.state === 'failed' ? `failed ${outcome.failure.code}` : outcome.state;
};

test('the table has a cell for every phase and every event', () => {
  expect(phases).toEqual(Object.keys(STATES));
  expect(rowsOf(NEXT_PHASE).map(([event]) => event)).toEqual(Object.keys(EVENTS));
});

/** @spec U1 U2 U3 U4 U6 U7 U8 U9 U10 U13 */
describe('the machine follows its table', () => {
  test.each(cells)('%s, %s: %s', (phase, event, cell) => {
    const before = STATES[phase];
    expect(nameOf(before, advance(before, EVENTS[event], JOB))).toBe(cell);
  });

  test('and decides and writes what the second table says, in all other cells nothing', () => {
    const written = cells.flatMap(([phase, event, cell]) => {
      if (cell === 'unchanged') return [];
      const transition = advance(STATES[phase], EVENTS[event], JOB);
      return [[phase, event, outcomeOf(STATES[phase], transition), journalOf(transition)]];
    });
    const expected = rowsOf(OUTCOME_AND_STEPS);
    const byCell = (left: readonly string[], right: readonly string[]) =>
      left.slice(0, 2).join().localeCompare(right.slice(0, 2).join());
    expect([...written].sort(byCell)).toEqual([...expected].sort(byCell));
  });

  test('an update is called off exactly in the phases that say so', () => {
    for (const phase of phases) {
      expect(advance(STATES[phase], EVENTS.cancelled, JOB).state !== STATES[phase]).toBe(
        isCancellable(phase),
      );
    }
  });
});

/** @spec U15 U17 P1 */
describe('the machine of another scheme differs where it should, and nowhere else', () => {
  test.each([
    ['the device makes the password', TARGET_MADE, TARGET_MADE_DIFFERS],
    ['password list', LISTED, LISTED_DIFFERS],
  ] as const)('%s', (_, scheme, table) => {
    const states = statesOf(scheme);
    const differs = cells.flatMap(([phase, event, cell]) => {
      const before = states[phase];
      const next = nameOf(before, advance(before, EVENTS[event], jobOf(scheme)));
      return next === cell ? [] : [`${phase}, ${event}: ${next}`];
    });
    const expected = rowsOf(table).map(([phase, event, next]) => `${phase}, ${event}: ${next}`);
    expect(differs.sort()).toEqual(expected.sort());
  });
});
