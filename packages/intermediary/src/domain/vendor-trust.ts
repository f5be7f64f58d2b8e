import { followRotations, type VendorTrust } from '@postern/software-update';

/** The rotations that this site has followed. Synchronous and durable on return. */
export interface RotationStore {
  /** Oldest first, from sequence 1 on without a gap. */
  list(): readonly Uint8Array[];
  add(sequence: number, record: Uint8Array): void;
}

/** Whom this site believes, and why. */
export interface SiteTrust {
  /** What is in force now. */
  current(): VendorTrust;
  /** Every rotation that was followed, oldest first: devices that were off for long need them all. */
  rotations(): readonly Uint8Array[];
  /**
   * Follows rotations that came with software and writes them down: they stay, whatever is thought of the software.
   *
   * @param records signed key rotations, oldest first; those in force already are passed over
   * @throws PosternError `key-rotation-invalid`; those before the wrong one stay in force
   */
  follow(records: readonly Uint8Array[]): VendorTrust;
}

/**
 * The one place where a site's trust in vendors changes: orders, the shelf and imports all judge by it.
 *
 * @param pinned what the operator configured: sequence 0
 * @spec X1
 */
export const siteTrust = (pinned: VendorTrust, store: RotationStore): SiteTrust => {
  let known = { count: 0, trust: pinned };

  const current = (): VendorTrust => {
    const records = store.list();
    // A transaction that was rolled back takes its rotations with it.
    if (records.length !== known.count) {
      known = { count: records.length, trust: records.reduce(afterOne, pinned) };
    }
    return known.trust;
  };

  return {
    current,
    rotations: () => store.list(),
    follow: (records) => {
      for (const record of records) {
        const before = current();
        const next = afterOne(before, record);
        if (next.sequence > before.sequence) store.add(next.sequence, record);
      }
      return current();
    },
  };
};

/** One by one: a site may hold more rotations than one order carries. */
const afterOne = (trust: VendorTrust, record: Uint8Array): VendorTrust => followRotations(trust, [record]);
