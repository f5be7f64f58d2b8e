import { describe, expect, test } from '@jest/globals';
import { Instant } from '@postern/core';
import {
  advanceEngine,
  type EngineEvent,
  type EngineState,
  MOST_SIGNAL_CHANGES,
  type SignalChange,
  signalsOf,
  traced,
} from '../../src/domain/engine-power.ts';

const STATES: readonly EngineState[] = ['off', 'starting', 'ready', 'energy-saving', 'failed'];

/** Every transition that there is; each other pair of state and event stays where it is. */
const TABLE: Readonly<Record<EngineEvent, Readonly<Partial<Record<EngineState, EngineState>>>>> = {
  'power-on': { off: 'starting' },
  initialised: { starting: 'ready' },
  'save-energy': { ready: 'energy-saving' },
  wake: { 'energy-saving': 'starting' },
  fail: { starting: 'failed', ready: 'failed' },
  mend: { failed: 'starting' },
  'power-off': { starting: 'off', ready: 'off', 'energy-saving': 'off', failed: 'off' },
};

/** @spec D2 */
describe('the engine as a machine', () => {
  const pairs = Object.keys(TABLE).flatMap((event) =>
    STATES.map((state) => [event as EngineEvent, state] as const),
  );

  test.each(pairs)('%s while %s', (event, state) => {
    expect(advanceEngine(state, event)).toBe(TABLE[event][state] ?? state);
  });

  test.each([
    ['off', 'off', 'high'],
    ['starting', 'on', 'high'],
    ['ready', 'on', 'low'],
    ['energy-saving', 'off', 'high'],
    ['failed', 'on', 'high'],
  ] as const)('has PWRCTL and ENGRDY while %s', (state, pwrctl, engrdy) => {
    expect(signalsOf(state)).toEqual({ pwrctl, engrdy });
  });

  test('is traced for a bounded number of changes', () => {
    let trace: readonly SignalChange[] = [];
    for (let at = 0; at < MOST_SIGNAL_CHANGES + 5; at += 1) {
      trace = traced(trace, { at: Instant(at), state: 'ready', ...signalsOf('ready') });
    }
    expect(trace).toHaveLength(MOST_SIGNAL_CHANGES);
    expect(trace.at(-1)?.at).toBe(MOST_SIGNAL_CHANGES + 4);
  });
});
