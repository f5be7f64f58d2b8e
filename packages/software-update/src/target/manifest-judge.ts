import { type Duration, Instant, type Instant as InstantType } from '@postern/core';
import type { TargetCredential } from '../credential/target-credential.ts';
import { updateError } from '../errors.ts';
import { admit } from '../manifest/admission.ts';
import { followRotations } from '../manifest/key-rotation.ts';
import type { ManifestComponent, SoftwareManifest } from '../manifest/manifest.ts';
import { verifyManifest } from '../manifest/signed-manifest.ts';
import { verifyTime } from '../manifest/signed-time.ts';
import { encodeTrust, type VendorTrust } from '../manifest/vendor-trust.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import { NOTHING, trustInForce } from './record.ts';
import type { RecordKeeper } from './record-keeper.ts';

/** What comes with a manifest from the vendor and from the management server. */
export interface VendorNews {
  /** DSSE envelopes, oldest first. */
  readonly keyRotations?: readonly Uint8Array[];
  /** DSSE envelope. */
  readonly signedTime?: Uint8Array;
}

/**
 * Says what a manifest lets in: whom the device believes, what time it is, what it has. Call its methods inside the
 * keeper's `exclusively`.
 *
 * @spec X1
 */
export class ManifestJudge {
  readonly #ports: TargetPorts;
  readonly #keeper: RecordKeeper;
  /** The latest time proved since the start, and when that was. */
  #proved: { readonly time: InstantType; readonly at: Duration } | undefined;

  constructor(ports: TargetPorts, keeper: RecordKeeper) {
    this.#ports = ports;
    this.#keeper = keeper;
  }

  /**
   * Follows the rotations and takes the time, and writes both down: they stay whatever becomes of the manifest
   * behind them. What was let in by a manifest that does not hold under the new keys is called off.
   *
   * @returns what time it is; `undefined` where nothing has proved it
   * @throws PosternError `key-rotation-invalid`, `time-unproved`
   */
  async learn({ keyRotations = [], signedTime }: VendorNews): Promise<InstantType | undefined> {
    await this.#follow(keyRotations);
    if (this.#ports.signedTime === undefined) return this.#ports.clock.now();
    return signedTime === undefined ? undefined : this.#prove(signedTime);
  }

  /**
   * The components that a manifest lets in.
   *
   * @param versions what runs now
   * @param now as {@link learn} has told
   * @throws PosternError `time-unproved`, and as {@link verifyManifest} and {@link admit}
   */
  admitted(
    signedManifest: Uint8Array,
    versions: Readonly<Record<string, string>>,
    now: InstantType | undefined,
  ): readonly ManifestComponent[] {
    const { vendorTrust, model } = this.#ports;
    const { record } = this.#keeper;
    const manifest = verifyManifest(signedManifest, trustInForce(record, vendorTrust));
    if (now === undefined) {
      throw updateError(
        'time-unproved',
        'No signed time came with the manifest, and the device has no clock',
      );
    }
    return admit(manifest, { model, versions, releaseCounters: record.releaseCounters }, now);
  }

  async #follow(keyRotations: readonly Uint8Array[]): Promise<void> {
    const { record } = this.#keeper;
    const before = trustInForce(record, this.#ports.vendorTrust);
    const trust = followRotations(before, keyRotations);
    if (trust === before) return;
    const revoked = keptManifest(record.credential, trust) === undefined;
    const { logger, deviceId } = this.#ports;
    await this.#keeper.save({ trust: encodeTrust(trust), ...(revoked ? { installation: NOTHING } : {}) });
    logger.info('Vendor keys rotated', { device: deviceId, sequence: trust.sequence });
  }

  /** An older proof than the latest, or the same once more, makes it no earlier than it is known to be. */
  async #prove(signed: Uint8Array): Promise<InstantType> {
    const { clock, deviceId, signedTime } = this.#ports;
    if (signedTime === undefined) return clock.now();
    const { timeKeys, freshnessNonce } = signedTime;
    const time = verifyTime(signed, timeKeys, { deviceId, nonce: freshnessNonce });
    const at = clock.monotonic();
    const known = this.#proved === undefined ? 0 : this.#proved.time + (at - this.#proved.at);
    const now = Instant(Math.max(time, known, this.#keeper.record.latestTime ?? 0));
    await this.#keeper.save({ latestTime: now });
    this.#proved = { time: now, at };
    return now;
  }
}

/**
 * The manifest that came with a live credential, if it still holds; a device that no longer trusts its vendor key
 * starts all the same.
 */
export const keptManifest = (
  credential: TargetCredential,
  trust: VendorTrust,
): SoftwareManifest | undefined => {
  if (credential.kind !== 'live' || credential.signedManifest === undefined) return undefined;
  try {
    return verifyManifest(Buffer.from(credential.signedManifest, 'base64'), trust);
  } catch {
    return undefined;
  }
};
