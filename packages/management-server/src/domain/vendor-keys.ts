import type { Clock } from '@postern/core';
import {
  followRotations,
  MOST_ROTATIONS,
  updateError,
  type VendorTrust,
  verifyManifest,
} from '@postern/software-update';
import { serverError } from '../errors.ts';
import type { Stores } from './ports.ts';
import type { KeyRotationRecord, SoftwareRecord } from './records.ts';

export interface VendorKeysParts {
  readonly stores: Pick<Stores, 'keyRotations' | 'transaction'>;
  /** What the configuration names: sequence 0. */
  readonly pinned: VendorTrust;
  readonly clock: Clock;
}

/**
 * Whose software this server takes: the pinned keys, changed by every rotation that was accepted. It can pass rotations
 * on; only the vendors' keys make them.
 *
 * @spec X1
 */
export class VendorKeys {
  readonly #parts: VendorKeysParts;
  #trust: VendorTrust;
  #rotations: readonly KeyRotationRecord[];

  /** @throws PosternError `config-invalid` when the stored rotations do not follow the pinned keys */
  constructor(parts: VendorKeysParts) {
    this.#parts = parts;
    this.#rotations = parts.stores.keyRotations.all();
    this.#trust = followAll(parts.pinned, this.#rotations);
  }

  /** What is in force. */
  get trust(): VendorTrust {
    return this.#trust;
  }

  /** All that were accepted, oldest first. */
  get rotations(): readonly KeyRotationRecord[] {
    return this.#rotations;
  }

  /** The newest rotations as they travel with software, oldest first. */
  enclosed(): readonly Uint8Array[] {
    return this.#rotations.slice(-MOST_ROTATIONS).map(({ signed }) => signed);
  }

  /**
   * Takes a rotation: in force, and on the disk, when it returns. One that was taken already changes nothing.
   *
   * @throws PosternError `key-rotation-invalid`
   */
  follow(signed: Uint8Array): { readonly rotation: KeyRotationRecord; readonly created: boolean } {
    const known = this.#rotations.find((rotation) => Buffer.compare(rotation.signed, signed) === 0);
    if (known !== undefined) return { rotation: known, created: false };
    const { stores, clock } = this.#parts;
    const trust = followRotations(this.#trust, [signed]);
    if (trust.sequence === this.#trust.sequence) {
      throw updateError(
        'key-rotation-invalid',
        `Another rotation to trust ${trust.sequence} or later is in force`,
      );
    }
    const rotation = { sequence: trust.sequence, signed, acceptedAt: clock.now() };
    stores.keyRotations.add(rotation);
    this.#trust = trust;
    this.#rotations = [...this.#rotations, rotation];
    return { rotation, created: true };
  }

  /**
   * Whether software that was registered earlier may still be ordered.
   *
   * @throws PosternError `manifest-signature-invalid` when too few of its keys are still in force
   */
  confirm({ signedManifest }: SoftwareRecord): void {
    verifyManifest(signedManifest, this.#trust);
  }
}

const followAll = (pinned: VendorTrust, rotations: readonly KeyRotationRecord[]): VendorTrust => {
  try {
    return rotations.reduce((trust, { signed }) => followRotations(trust, [signed]), pinned);
  } catch (cause) {
    const reason = 'vendorKeyFiles: they must stay those that were named before the first key rotation';
    throw serverError('config-invalid', reason, { cause });
  }
};
