import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, createClosers } from '@postern/core';
import type { Attack, Outcome } from './attack.ts';
import type { Scheme } from './scheme.ts';

/** One line of the attack suite. */
export interface AttackLine {
  readonly attack: string;
  readonly power: string;
  readonly scheme: Scheme;
  readonly outcome: Outcome;
  readonly expected: Outcome;
  readonly evidence: string;
  /** The outcome is the expected one, and the evidence shows what it has to. */
  readonly asExpected: boolean;
}

/**
 * Carries out an attack on one scheme: on real sockets, by an attacker in a process of its own. Everything is gone
 * afterwards.
 *
 * @throws what broke the scene; an attack that fails is a finding, not an error
 */
export const runAttack = async (attack: Attack, scheme: Scheme, clock: Clock): Promise<AttackLine> => {
  const { name, power } = attack;
  const { outcome: expected, why, shown } = attack.expected[scheme];
  const line = { attack: name, power, scheme, expected };
  if (expected === 'not-applicable') return { ...line, outcome: expected, evidence: why, asExpected: true };
  const ending = createClosers();
  try {
    const directory = await mkdtemp(join(tmpdir(), 'postern-attack-'));
    ending.add(() => rm(directory, { recursive: true, force: true }));
    const finding = await attack.run({ scheme, clock, directory, atEnd: (close) => ending.add(close) });
    const asExpected = finding.outcome === expected && (shown?.test(finding.evidence) ?? true);
    return { ...line, ...finding, asExpected };
  } finally {
    await ending.close();
  }
};
