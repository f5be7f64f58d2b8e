/** The two image slots, and which one a device starts from. */

export type Slot = 'A' | 'B';

export const otherSlot = (slot: Slot): Slot => (slot === 'A' ? 'B' : 'A');

/** `trial`: the active slot was just written and has not yet had its first good start. */
export interface BootRecord {
  readonly active: Slot;
  readonly phase: 'committed' | 'trial';
  /** Starts that the trial software still has; counted down before each. */
  readonly trialBootsLeft: number;
}

/** A trial software that was started this often without a good start is given up. */
export const TRIAL_BOOTS = 2;

export type BootDecision =
  | {
      readonly program: 'firmware';
      readonly slot: Slot;
      readonly record: BootRecord;
      /** The trial failed and the device is back on the software before it. */
      readonly fellBack: boolean;
    }
  | { readonly program: 'updater-program'; readonly record: BootRecord; readonly fellBack: boolean };

/**
 * What to start, given the record and whether each slot's content is whole. The returned record must be
 * saved before anything is started, so that a crash while starting counts as a try.
 *
 * | phase | active whole, boots left | other whole | start |
 * |---|---|---|---|
 * | committed | yes | – | active |
 * | committed | no | yes | other |
 * | trial | yes | – | active, one boot fewer |
 * | trial | no | yes | other, committed: fallen back |
 * | any | no | no | the compact updater program |
 *
 * @spec X4 D5
 */
export const decideBoot = (record: BootRecord, whole: Readonly<Record<Slot, boolean>>): BootDecision => {
  const trial = record.phase === 'trial';
  if (whole[record.active] && (!trial || record.trialBootsLeft > 0)) {
    const next = trial ? { ...record, trialBootsLeft: record.trialBootsLeft - 1 } : record;
    return { program: 'firmware', slot: record.active, record: next, fellBack: false };
  }
  const slot = otherSlot(record.active);
  const next: BootRecord = { active: slot, phase: 'committed', trialBootsLeft: 0 };
  return whole[slot]
    ? { program: 'firmware', slot, record: next, fellBack: trial }
    : { program: 'updater-program', record: { ...record, trialBootsLeft: 0 }, fellBack: trial };
};

/** The slot was written: start it on trial. */
export const switchOver = (slot: Slot): BootRecord => ({
  active: slot,
  phase: 'trial',
  trialBootsLeft: TRIAL_BOOTS,
});

/** The software had its first good start. */
export const commitBoot = (record: BootRecord): BootRecord => ({
  ...record,
  phase: 'committed',
  trialBootsLeft: 0,
});
