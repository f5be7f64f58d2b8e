import type { Clock } from '@postern/core';
import type { Scheme } from './scheme.ts';

/**
 * How an attack ends. `succeeds`: the attacker has what it wanted. `prevented`: it has not, and the victim loses nothing
 * but time. `detected`: it cannot be prevented, but nobody is deceived: the server's record says that it went wrong.
 * `bounded`: it has some of it, and something ends that. `not-applicable`: the scheme has nothing that could be attacked
 * so.
 */
export type Outcome = 'succeeds' | 'prevented' | 'detected' | 'bounded' | 'not-applicable';

/** What came of one run, seen at the victim. */
export interface Finding {
  readonly outcome: Outcome;
  /** What was seen there, on one line. */
  readonly evidence: string;
}

/** What a scenario is given. */
export interface Scene {
  readonly scheme: Scheme;
  readonly clock: Clock;
  /** Empty, and removed after the run. */
  readonly directory: string;
  /** Released after the run, the last first. */
  readonly atEnd: (close: () => Promise<void>) => void;
}

/** What is expected of an attack on one scheme, and why. */
export interface Expectation {
  readonly outcome: Outcome;
  readonly why: string;
  /** What the evidence has to show: an attack that came to nothing by itself has not been prevented. */
  readonly shown?: RegExp;
}

/** One attack, as data; `run` carries it out. */
export interface Attack {
  readonly name: string;
  /** What the attacker can do. */
  readonly power: string;
  /** What it is after. */
  readonly goal: string;
  readonly expected: Readonly<Record<Scheme, Expectation>>;
  /** Not called for schemes to which the attack does not apply. */
  readonly run: (scene: Scene) => Promise<Finding>;
}

/** Attacks that have something in common; a file of tests each. */
export interface AttackFamily {
  readonly name: string;
  readonly title: string;
  readonly attacks: readonly Attack[];
}
