import type { StrictJson } from './strict-json.ts';

/** What is signed: its payload type and its limits. */
export interface DsseKind {
  readonly payloadType: string;
  /** Bytes of the envelope; a longer one is refused before it is parsed. */
  readonly longest: number;
  readonly mostSignatures: number;
}

/** One signature over an envelope's message, and a hint at its key that nothing proves. */
export interface DsseSignature {
  readonly keyid: string;
  readonly sig: Uint8Array;
}

/** An envelope that was read and not yet believed. */
export interface DsseEnvelope {
  readonly payload: Uint8Array;
  /** What has to be signed. */
  readonly message: Uint8Array;
  readonly signatures: readonly DsseSignature[];
}

/**
 * Wraps a payload in a DSSE v1 envelope (JSON bytes). Which algorithm signs is the kind's own business.
 *
 * @see https://github.com/secure-systems-lab/dsse/blob/master/protocol.md
 */
export const writeDsse = (
  { payloadType }: Pick<DsseKind, 'payloadType'>,
  payload: Uint8Array,
  sign: (message: Uint8Array) => readonly DsseSignature[],
): Uint8Array => {
  const signatures = sign(preAuthenticationEncoding(payloadType, payload));
  const envelope = {
    payloadType,
    payload: Buffer.from(payload).toString('base64'),
    signatures: signatures.map(({ keyid, sig }) => ({ keyid, sig: Buffer.from(sig).toString('base64') })),
  };
  return Buffer.from(JSON.stringify(envelope), 'utf8');
};

/**
 * Reads an envelope; its signatures are still to be checked.
 *
 * @throws what `json` throws: it is too long, of another kind, or not an envelope
 */
export const readDsse = (kind: DsseKind, json: StrictJson, signed: Uint8Array): DsseEnvelope => {
  if (signed.length > kind.longest) throw json.refused('the envelope is too long');
  const root = json.object(json.parse(signed, 'the envelope'), 'envelope', [
    'payloadType',
    'payload',
    'signatures',
  ]);
  if (root['payloadType'] !== kind.payloadType) throw json.refused('the payload type is another one');
  if (typeof root['payload'] !== 'string') throw json.refused('the payload is missing');
  const signatures = json.list(root['signatures'], 'signatures', 0, kind.mostSignatures).map((item) => {
    const { keyid, sig } = json.object(item, 'signature', ['keyid', 'sig']);
    if (typeof keyid !== 'string' || typeof sig !== 'string') throw json.refused('a signature is incomplete');
    return { keyid, sig: Buffer.from(sig, 'base64') };
  });
  const payload = Buffer.from(root['payload'], 'base64');
  return { payload, message: preAuthenticationEncoding(kind.payloadType, payload), signatures };
};

/** DSSE PAE: the type and the payload, each with its length, so that neither can be shifted into the other. */
const preAuthenticationEncoding = (payloadType: string, payload: Uint8Array): Uint8Array =>
  Buffer.concat([
    Buffer.from(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `, 'utf8'),
    payload,
  ]);
