import { describe, expect, it } from '@jest/globals';
import { systemClock } from '@postern/core';
import { FAMILIES, runAttack, SCHEMES } from '../../src/attacks/index.ts';

/** A site is started and an update carried through for each line. */
const LIMIT_MS = 60_000;

/** Carries out every attack of a family on every scheme, and asserts its line of the table. */
export const itHoldsTheTableOf = (familyName: string): void => {
  const family = FAMILIES.find(({ name }) => name === familyName);
  if (family === undefined) throw new TypeError(`No family of attacks is called ${familyName}`);
  for (const attack of family.attacks) {
    describe(attack.name, () => {
      it.each(SCHEMES)(
        'on scheme (%s) ends as the table says',
        async (scheme) => {
          const { outcome, evidence } = await runAttack(attack, scheme, systemClock);
          const { outcome: expected, shown = /\w/ } = attack.expected[scheme];
          expect({ outcome, evidence }).toEqual({
            outcome: expected,
            evidence: expect.stringMatching(shown),
          });
        },
        LIMIT_MS,
      );
    });
  }
};
