import { type KeyObject, sign, verify } from 'node:crypto';
import { updateError } from '../errors.ts';
import { decodeManifest, encodeManifest, fields, type SoftwareManifest } from './manifest.ts';
import type { VendorTrust } from './vendor-trust.ts';

/** The DSSE payload type of a software manifest. */
export const MANIFEST_PAYLOAD_TYPE = 'application/vnd.postern.manifest+json';

/** Signed manifests beyond this many bytes are refused before they are parsed. */
export const LONGEST_SIGNED_MANIFEST = 65_536;

const MOST_SIGNATURES = 8;

/**
 * Signs a manifest: a DSSE v1 envelope (JSON bytes) with one Ed25519 signature over the pre-authentication encoding.
 *
 * @see https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
 */
export const signManifest = (
  manifest: SoftwareManifest,
  signer: { keyId: string; privateKey: KeyObject },
): Uint8Array => {
  const payload = encodeManifest(manifest);
  const signature = sign(null, preAuthenticationEncoding(payload), signer.privateKey);
  const envelope = {
    payloadType: MANIFEST_PAYLOAD_TYPE,
    payload: Buffer.from(payload).toString('base64'),
    signatures: [{ keyid: signer.keyId, sig: signature.toString('base64') }],
  };
  return Buffer.from(JSON.stringify(envelope), 'utf8');
};

/**
 * Verifies a signed manifest against the trusted vendor keys and reads it. The payload is parsed only after
 * a signature over it held.
 *
 * @spec X1
 * @throws PosternError `manifest-malformed` or `manifest-signature-invalid`
 */
export const verifyManifest = (signed: Uint8Array, trusted: VendorTrust): SoftwareManifest => {
  const { payload, signatures } = openEnvelope(signed);
  const message = preAuthenticationEncoding(payload);
  const good = new Set(
    signatures
      .filter(({ keyid, sig }) => {
        const key = trusted.keys.get(keyid);
        return key !== undefined && verify(null, message, key.publicKey, sig);
      })
      .map(({ keyid }) => keyid),
  );
  if (good.size < trusted.threshold) {
    throw updateError(
      'manifest-signature-invalid',
      `The manifest bears ${good.size} signatures of trusted vendor keys; ${trusted.threshold} are required`,
    );
  }
  return decodeManifest(payload);
};

interface Envelope {
  readonly payload: Uint8Array;
  readonly signatures: readonly {
    readonly keyid: string;
    readonly sig: Uint8Array;
  }[];
}

const openEnvelope = (signed: Uint8Array): Envelope => {
  if (signed.length > LONGEST_SIGNED_MANIFEST) throw malformed('the envelope is too long');
  let parsed: unknown;
  try {
    parsed = JSON.parse(Buffer.from(signed).toString('utf8'));
  } catch (cause) {
    throw updateError('manifest-malformed', 'The signed manifest is not JSON', cause);
  }
  const root = fields(parsed, 'envelope', ['payloadType', 'payload', 'signatures']);
  if (root['payloadType'] !== MANIFEST_PAYLOAD_TYPE) throw malformed('the payload type is another one');
  const list = root['signatures'];
  if (typeof root['payload'] !== 'string' || !Array.isArray(list) || list.length > MOST_SIGNATURES) {
    throw malformed('payload or signatures are missing');
  }
  const signatures = list.map((item) => {
    const { keyid, sig } = fields(item, 'signature', ['keyid', 'sig']);
    if (typeof keyid !== 'string' || typeof sig !== 'string') throw malformed('a signature is incomplete');
    return { keyid, sig: Buffer.from(sig, 'base64') };
  });
  return { payload: Buffer.from(root['payload'], 'base64'), signatures };
};

/** DSSE PAE: the type and the payload, each with its length, so that neither can be shifted into the other. */
const preAuthenticationEncoding = (payload: Uint8Array): Uint8Array =>
  Buffer.concat([
    Buffer.from(`DSSEv1 ${MANIFEST_PAYLOAD_TYPE.length} ${MANIFEST_PAYLOAD_TYPE} ${payload.length} `, 'utf8'),
    payload,
  ]);

const malformed = (message: string) => updateError('manifest-malformed', message);
