import { describe, expect, test } from '@jest/globals';
import {
  generateVendorKey,
  pinTimeKeys,
  type Signer,
  signTime,
  vendorSignerFromPem,
  verifyTime,
} from '@postern/software-update';
import { START } from '../support/software.ts';
import { envelopeOf, toBytes } from './sign-payload.ts';

const timePair = generateVendorKey();
const timeSigner = vendorSignerFromPem(timePair.privateKeyPem);
const stranger = vendorSignerFromPem(generateVendorKey().privateKeyPem);
const keys = pinTimeKeys([timePair.publicKeyPem]);
const asked = { deviceId: 'mfp-1', nonce: 'ab'.repeat(16) };

/** Made from the documentation alone. */
const statement = (content: object, signers: readonly Signer[] = [timeSigner]): Uint8Array =>
  toBytes(envelopeOf(Buffer.from(JSON.stringify(content)), signers, 'application/vnd.postern.time+json'));
const right = { format: 1, ...asked, time: '2030-01-01T00:00:00.000Z' };

/** @spec X1 */
describe('a signed time', () => {
  test('is taken from a time key, for this device and this nonce', () => {
    expect(verifyTime(statement(right), keys, asked)).toBe(START);
    expect(verifyTime(signTime({ ...asked, time: START }, timeSigner), keys, asked)).toBe(START);
  });

  test.each<[string, Uint8Array]>([
    ['of a stranger', statement(right, [stranger])],
    ["of a stranger under the key's name", statement(right, [{ ...stranger, keyId: timeSigner.keyId }])],
    ['for another device', statement({ ...right, deviceId: 'mfp-2' })],
    ['that answers another nonce', statement({ ...right, nonce: 'cd'.repeat(16) })],
    ['that answers a part of the nonce', statement({ ...right, nonce: 'ab'.repeat(15) })],
    ['without nonce', statement({ ...right, nonce: undefined })],
    ['without time zone', statement({ ...right, time: '2030-01-01T00:00:00' })],
    ['with a further field', statement({ ...right, zone: 'UTC' })],
    ['of another format', statement({ ...right, format: 2 })],
    ['that is a manifest', toBytes(envelopeOf(Buffer.from(JSON.stringify(right)), [timeSigner]))],
    ['that is no JSON', Buffer.from('noon')],
  ])('%s is refused', (_, signed) => {
    expect(() => verifyTime(signed, keys, asked)).toThrow(expect.objectContaining({ code: 'time-unproved' }));
  });
});
