import type { Instant } from '@postern/core';

/** Two lines between controller and engine (Fig 6). */
export interface EngineSignals {
  /** Whether the controller lets the engine have power. */
  readonly pwrctl: 'on' | 'off';
  /** Low: the engine has finished its initial setting and takes commands. High: nobody can talk to it. */
  readonly engrdy: 'high' | 'low';
}

/** `off`: the whole device has no power. `failed`: the engine has power and does not answer. */
export type EngineState = 'off' | 'starting' | 'ready' | 'energy-saving' | 'failed';

export type EngineEvent = 'power-on' | 'initialised' | 'save-energy' | 'wake' | 'fail' | 'mend' | 'power-off';

const SIGNALS: Readonly<Record<EngineState, EngineSignals>> = {
  off: { pwrctl: 'off', engrdy: 'high' },
  starting: { pwrctl: 'on', engrdy: 'high' },
  ready: { pwrctl: 'on', engrdy: 'low' },
  'energy-saving': { pwrctl: 'off', engrdy: 'high' },
  failed: { pwrctl: 'on', engrdy: 'high' },
};

/** What follows from what. An event that is not listed changes nothing. */
const TRANSITIONS: Readonly<Record<EngineState, Readonly<Partial<Record<EngineEvent, EngineState>>>>> = {
  off: { 'power-on': 'starting' },
  starting: { initialised: 'ready', fail: 'failed', 'power-off': 'off' },
  ready: { 'save-energy': 'energy-saving', fail: 'failed', 'power-off': 'off' },
  'energy-saving': { wake: 'starting', 'power-off': 'off' },
  failed: { mend: 'starting', 'power-off': 'off' },
};

/** The levels of both lines in a state. */
export const signalsOf = (state: EngineState): EngineSignals => SIGNALS[state];

/**
 * What an event does to the engine, as a pure function: power-on (Fig 8 A) is off → starting → ready, energy saving (B)
 * ready → energy-saving, and back (C) energy-saving → starting → ready.
 *
 * @spec D2
 */
export const advanceEngine = (state: EngineState, event: EngineEvent): EngineState =>
  TRANSITIONS[state][event] ?? state;

/** Both lines from a moment on. */
export interface SignalChange extends EngineSignals {
  readonly at: Instant;
  /** What made them change. */
  readonly state: EngineState;
}

/** Changes that a device remembers; older ones are forgotten. */
export const MOST_SIGNAL_CHANGES = 64;

/** @returns the trace with a further change, the newest last */
export const traced = (trace: readonly SignalChange[], change: SignalChange): readonly SignalChange[] =>
  [...trace, change].slice(-MOST_SIGNAL_CHANGES);
