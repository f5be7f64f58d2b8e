import { otherSlot, type SlotStorage, type TargetRecord } from '@postern/software-update';

/**
 * The fault `ignoreUpdates`: the record of a device that forgot to switch over. It runs the old slot, and expects
 * the same images once more under the password it still has.
 *
 * @returns `undefined` when there is no switch-over to forget
 */
export const withoutSwitchOver = async (
  record: TargetRecord | undefined,
  slots: SlotStorage,
): Promise<TargetRecord | undefined> => {
  if (record?.boot.phase !== 'trial') return undefined;
  const slot = record.boot.active;
  const old = (await slots.contents(otherSlot(slot))) ?? {};
  const wanted = Object.values((await slots.contents(slot)) ?? {}).filter(
    ({ name, version }) => old[name]?.version !== version,
  );
  const { credential } = record;
  return {
    ...record,
    boot: { active: otherSlot(slot), phase: 'committed', trialBootsLeft: 0 },
    installation:
      credential.kind === 'live'
        ? { kind: 'receiving', jobId: credential.jobId, slot, wanted, cleared: false, arrived: [] }
        : { kind: 'none' },
  };
};
