/** The two image slots, and which one a device starts from. */

export type Slot = 'A' | 'B';

export const otherSlot = (slot: Slot): Slot => (slot === 'A' ? 'B' : 'A');

/** `trial`: the active slot was just written and has not yet had its first good start. */
export interface BootRecord {
  readonly active: Slot;
  readonly phase: 'committed' | 'trial';
  /** Starts that the trial software still has; counted down before each. */
  readonly trialBootsLeft: number;
  /** Slots whose software has never had a good start; absent for none. It may be whole and start nothing. */
  readonly unproven?: readonly Slot[];
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
 * | phase | active whole, boots left | other whole and proven | start |
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
  const next: BootRecord = { ...record, active: slot, phase: 'committed', trialBootsLeft: 0 };
  return whole[slot] && record.unproven?.includes(slot) !== true
    ? { program: 'firmware', slot, record: next, fellBack: trial }
    : { program: 'updater-program', record: { ...record, trialBootsLeft: 0 }, fellBack: trial };
};

/**
 * The slot was written: start it on trial. What the other slot holds is no better known than before.
 *
 * @param before the record until now
 */
export const switchOver = (slot: Slot, { unproven = [] }: Pick<BootRecord, 'unproven'> = {}): BootRecord => ({
  active: slot,
  phase: 'trial',
  trialBootsLeft: TRIAL_BOOTS,
  unproven: [...unproven.filter((other) => other !== slot), slot],
});

/** The software had its first good start. */
export const commitBoot = ({ unproven = [], active }: BootRecord): BootRecord => {
  const others = unproven.filter((slot) => slot !== active);
  return {
    active,
    phase: 'committed',
    trialBootsLeft: 0,
    ...(others.length === 0 ? {} : { unproven: others }),
  };
};
