import type { Duration } from '@postern/core';

/**
 * What a failure means. `required`: the scheme's own part, without it the other side cannot work. `recommended`: part of
 * the contract, but updates and calls work without it, less safely. `optional`: our elements beyond that part.
 */
export type CheckLevel = 'required' | 'recommended' | 'optional';

/** One check of a contract, as data. It leaves its target as it was, and needs no other check before it. */
export interface Check<T> {
  /** Unique among the checks of a contract, e.g. `password-erased`. */
  readonly id: string;
  readonly title: string;
  /** Where it is demanded: an operation of the WSDL, a row of docs/spec.md, a section of a standard. */
  readonly section: string;
  readonly level: CheckLevel;
  /** How long it may take, cleaning up included; 45 s unless given. */
  readonly limit?: Duration;
  /**
   * Resolves when the target passes.
   *
   * @throws PosternError `not-conforming` (its hint says what to do), `not-offered`, `not-checked`; whatever else is thrown is a failure
   */
  run(target: T, signal: AbortSignal): Promise<void>;
}

/** `skipped`: nobody knows, because something that the check needs was not given. */
export type CheckOutcome = 'passed' | 'failed' | 'not-offered' | 'skipped';

/** What came of a check. */
export interface CheckResult extends Omit<Check<unknown>, 'run' | 'limit'> {
  readonly outcome: CheckOutcome;
  /** Unless it passed. */
  readonly reason?: string;
  /** What to do about it. */
  readonly next?: string;
}
