import { createHash, type Hash } from 'node:crypto';
import { sameDigest } from '../credential/one-time-password.ts';
import { updateError } from '../errors.ts';
import type { ManifestComponent } from '../manifest/manifest.ts';
import type { BulkReceiver } from '../ports/bulk-service.ts';
import type { SlotStorage, SlotWriter } from '../ports/target-ports.ts';
import type { Slot } from './boot.ts';

/** Called when the component lies in the slot, whole and verified. */
export type OnArrived = (component: ManifestComponent) => Promise<string>;

/**
 * Takes one image: hashes while it arrives, refuses the first byte beyond the manifest's length, and lets
 * only the signed digest through. What arrived of a broken transfer stays for a resumption.
 *
 * @spec U4 X1 X5
 */
export const receiveImage = async (
  slots: SlotStorage,
  slot: Slot,
  component: ManifestComponent,
  offset: number,
  onArrived: OnArrived,
): Promise<BulkReceiver> => {
  const held = await slots.size(slot, component.name);
  if (offset > held || offset > component.length) {
    throw updateError('truncated', `Only ${held} bytes of ${component.name} are held here`);
  }
  const hash = await hashOfHeld(slots, slot, component.name, offset);
  return receiver(
    slots,
    slot,
    component,
    hash,
    offset,
    await slots.append(slot, component.name, offset),
    onArrived,
  );
};

const receiver = (
  slots: SlotStorage,
  slot: Slot,
  component: ManifestComponent,
  hash: Hash,
  offset: number,
  writer: SlotWriter,
  onArrived: OnArrived,
): BulkReceiver => {
  const { name, length, sha256 } = component;
  let total = offset;

  /** Bytes that cannot belong to the image are not kept: the next transfer starts from nothing. */
  const discard = async (): Promise<void> => {
    await writer.close();
    const empty = await slots.append(slot, name, 0);
    await empty.close();
  };

  return {
    write: async (chunk) => {
      total += chunk.length;
      if (total > length) {
        await discard();
        throw updateError('too-long', `${name} is ${length} bytes long; more arrived`);
      }
      hash.update(chunk);
      await writer.write(chunk);
    },
    finish: async () => {
      if (total < length) {
        await writer.close();
        throw updateError('truncated', `${total} of ${length} bytes of ${name} arrived`);
      }
      if (!sameDigest(hash.digest('hex'), sha256)) {
        await discard();
        throw updateError('digest-mismatch', `${name} does not have the digest that the vendor signed`);
      }
      await writer.close();
      return onArrived(component);
    },
    abort: () => writer.close(),
  };
};

const hashOfHeld = async (
  slots: SlotStorage,
  slot: Slot,
  component: string,
  bytes: number,
): Promise<Hash> => {
  const hash = createHash('sha256');
  if (bytes === 0) return hash;
  let rest = bytes;
  for await (const chunk of slots.read(slot, component)) {
    hash.update(chunk.subarray(0, Math.min(rest, chunk.length)));
    rest -= chunk.length;
    if (rest <= 0) break;
  }
  return hash;
};
