import type { Instant } from '@postern/core';
import { sameDigest } from '../credential/one-time-password.ts';
import { updateError } from '../errors.ts';
import { openEnvelope, type RecordKind, type Signer, signEnvelope } from './envelope.ts';
import { strictJson } from './strict-json.ts';
import type { VendorKey } from './vendor-key.ts';
import { keysFromPems } from './vendor-trust.ts';

/** Keys whose word on the time is taken, by identifier. */
export type TimeKeys = ReadonlyMap<string, VendorKey>;

/** The time keys that a device without a clock is made with. */
export const pinTimeKeys = (publicKeyPems: readonly string[]): TimeKeys => keysFromPems(publicKeyPems);

/** What time it is, said to one device in answer to one nonce. */
export interface TimeStatement {
  readonly deviceId: string;
  /** The device's freshness nonce, hexadecimal. */
  readonly nonce: string;
  readonly time: Instant;
}

const TIME: RecordKind = {
  payloadType: 'application/vnd.postern.time+json',
  longest: 65_536,
  mostSignatures: 8,
  malformed: 'time-unproved',
};

const json = strictJson('time-unproved');

/** Signs the time for a device without a clock (X1: so that nobody holds it on an expired release). */
export const signTime = ({ deviceId, nonce, time }: TimeStatement, signer: Signer): Uint8Array => {
  const payload = JSON.stringify({ format: 1, deviceId, nonce, time: new Date(time).toISOString() });
  return signEnvelope(TIME, Buffer.from(payload, 'utf8'), [signer]);
};

/**
 * The time that one of the keys has signed for this device and this nonce.
 *
 * @spec X1
 * @throws PosternError `time-unproved`
 */
export const verifyTime = (
  signed: Uint8Array,
  timeKeys: TimeKeys,
  asked: { readonly deviceId: string; readonly nonce: string },
): Instant => {
  const { payload, signedBy } = openEnvelope(TIME, signed);
  if (signedBy(timeKeys).size === 0) {
    throw updateError('time-unproved', 'The time is not signed by a key that this device believes');
  }
  const root = json.object(json.parse(payload, 'the time'), 'time', ['format', 'deviceId', 'nonce', 'time']);
  if (root['format'] !== 1) throw json.refused('format must be 1');
  if (root['deviceId'] !== asked.deviceId) throw json.refused('the time was signed for another device');
  const nonce = json.text(root['nonce'], 'nonce', /^[0-9a-f]{32,64}$/);
  if (!sameDigest(nonce, asked.nonce)) throw json.refused('the time answers another nonce');
  return json.instant(root['time'], 'time');
};
