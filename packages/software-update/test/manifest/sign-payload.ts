import { type KeyObject, sign } from 'node:crypto';
import { VENDOR_SIGNER } from '../support/software.ts';

export const PAYLOAD_TYPE = 'application/vnd.postern.manifest+json';

/**
 * A DSSE envelope made from the specification alone, so that the tests do not lean on the code they test.
 *
 * @see https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
 */
export const envelopeOf = (
  payload: Uint8Array,
  signers: readonly { readonly keyId: string; readonly privateKey: KeyObject }[] = [VENDOR_SIGNER],
  payloadType: string = PAYLOAD_TYPE,
) => {
  const header = Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `);
  const message = Buffer.concat([header, payload]);
  return {
    payloadType,
    payload: Buffer.from(payload).toString('base64'),
    signatures: signers.map(({ keyId, privateKey }) => ({
      keyid: keyId,
      sig: sign(null, message, privateKey).toString('base64'),
    })),
  };
};

export const toBytes = (envelope: unknown): Uint8Array => Buffer.from(JSON.stringify(envelope));

/** {@link envelopeOf} as bytes, signed by the vendor that the tests' devices trust. */
export const signPayload = (payload: Uint8Array): Uint8Array => toBytes(envelopeOf(payload));
