import { describe, expect, test } from '@jest/globals';
import {
  type BootRecord,
  commitBoot,
  decideBoot,
  type Slot,
  switchOver,
  TRIAL_BOOTS,
} from '@postern/software-update';
import fc from 'fast-check';

/** What is started, from the point of view of the active slot A: `A`, `B` or the updater program. */
type Started = 'A' | 'B' | 'updater-program';
type Row = readonly [
  BootRecord['phase'],
  bootsLeft: number,
  wholeA: boolean,
  wholeB: boolean,
  started: Started,
  bootsLeftThen: number,
  phaseThen: BootRecord['phase'],
  fellBack: boolean,
];

/** @spec X4 D5 */
describe('what a device starts when slot A is the active one', () => {
  test.each<Row>([
    //   phase    boots  A      B      started            boots then, phase then, fell back
    ['committed', 0, true, true, 'A', 0, 'committed', false],
    ['committed', 0, true, false, 'A', 0, 'committed', false],
    ['committed', 0, false, true, 'B', 0, 'committed', false],
    ['committed', 0, false, false, 'updater-program', 0, 'committed', false],
    ['committed', 1, true, true, 'A', 1, 'committed', false],
    ['committed', 1, true, false, 'A', 1, 'committed', false],
    ['committed', 1, false, true, 'B', 0, 'committed', false],
    ['committed', 1, false, false, 'updater-program', 0, 'committed', false],
    ['committed', 2, true, true, 'A', 2, 'committed', false],
    ['committed', 2, true, false, 'A', 2, 'committed', false],
    ['committed', 2, false, true, 'B', 0, 'committed', false],
    ['committed', 2, false, false, 'updater-program', 0, 'committed', false],
    ['trial', 0, true, true, 'B', 0, 'committed', true],
    ['trial', 0, true, false, 'updater-program', 0, 'trial', true],
    ['trial', 0, false, true, 'B', 0, 'committed', true],
    ['trial', 0, false, false, 'updater-program', 0, 'trial', true],
    ['trial', 1, true, true, 'A', 0, 'trial', false],
    ['trial', 1, true, false, 'A', 0, 'trial', false],
    ['trial', 1, false, true, 'B', 0, 'committed', true],
    ['trial', 1, false, false, 'updater-program', 0, 'trial', true],
    ['trial', 2, true, true, 'A', 1, 'trial', false],
    ['trial', 2, true, false, 'A', 1, 'trial', false],
    ['trial', 2, false, true, 'B', 0, 'committed', true],
    ['trial', 2, false, false, 'updater-program', 0, 'trial', true],
  ])(
    '%s, %i boots left, A whole %s, B whole %s: %s',
    (phase, trialBootsLeft, A, B, started, boots, then, fellBack) => {
      const decision = decideBoot({ active: 'A', phase, trialBootsLeft }, { A, B });
      expect(decision.program === 'firmware' ? decision.slot : decision.program).toBe(started);
      const active = started === 'B' ? 'B' : 'A';
      expect(decision.record).toEqual({ active, phase: then, trialBootsLeft: boots });
      expect(decision.fellBack).toBe(fellBack);
    },
  );
});

/** @spec X4 */
test('whatever decays and however often it crashes, only a whole slot is started, and a trial at most twice', () => {
  const whole = fc.record({ A: fc.boolean(), B: fc.boolean() });
  const slot = fc.constantFrom<Slot>('A', 'B');
  fc.assert(
    fc.property(slot, fc.array(whole, { maxLength: 12 }), (written, starts) => {
      let record = switchOver(written);
      let trials = 0;
      for (const state of starts) {
        const decision = decideBoot(record, state);
        if (decision.program === 'firmware') {
          expect(state[decision.slot]).toBe(true);
          if (decision.record.phase === 'trial') trials++;
        }
        record = decision.record;
      }
      expect(trials).toBeLessThanOrEqual(TRIAL_BOOTS);
    }),
  );
});

test('a good start commits, and a committed software starts for ever', () => {
  const committed = commitBoot(decideBoot(switchOver('B'), { A: true, B: true }).record);
  expect(committed).toEqual({ active: 'B', phase: 'committed', trialBootsLeft: 0 });
  expect(decideBoot(committed, { A: true, B: true }).record).toEqual(committed);
});

/** Both slots had decayed, and what was sent to the updater program does not start: seed 5684 of the simulation. */
test('software that never had a good start is nothing to fall back on', () => {
  const both = { A: true, B: true };
  const afterTrial = (record: BootRecord) => decideBoot({ ...record, trialBootsLeft: 0 }, both);
  const failed = decideBoot({ ...switchOver('B'), trialBootsLeft: 0 }, { A: false, B: true });
  expect(failed).toMatchObject({ program: 'updater-program', fellBack: true });
  const again = afterTrial(switchOver('A', failed.record));
  expect(again).toMatchObject({ program: 'updater-program', fellBack: true });
  const mended = commitBoot(switchOver('B', again.record));
  expect(mended).toMatchObject({ active: 'B', phase: 'committed', unproven: ['A'] });
  // Not even when the mended software decays.
  expect(decideBoot(mended, { A: true, B: false }).program).toBe('updater-program');
});
