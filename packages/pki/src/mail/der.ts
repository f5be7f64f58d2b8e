import forge from 'node-forge';
import { pkiError } from '../errors.ts';

const { asn1 } = forge;

/** A node of an ASN.1 tree. */
export type Der = forge.asn1.Asn1;

const { UNIVERSAL, CONTEXT_SPECIFIC } = asn1.Class;
const { SEQUENCE, SET, OID, INTEGER, OCTETSTRING, NULL, UTCTIME } = asn1.Type;

/** Our structures are 12 deep at most, and have a few hundred elements; certificates are a good part of them. */
const MOST_DEPTH = 16;
const MOST_ELEMENTS = 1_000;

/** What is not DER, or not the structure that is read. */
export const malformed = (what: string) =>
  pkiError('mail-malformed', `The mail is not S/MIME as it is taken here: ${what}`);

/**
 * Reads one DER element that fills `bytes`. Depth and number of elements are limited before anything is built, and what
 * was read must encode to the very same bytes: nothing is understood in two ways.
 *
 * @throws PosternError `mail-malformed`
 */
export const readDer = (bytes: Uint8Array): Der => {
  measure(bytes);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const tree = parsed(text);
  if (asn1.toDer(tree).getBytes() !== text) throw malformed('its encoding is not DER');
  return tree;
};

/** The types know only `strict`. */
const OPTIONS = { strict: true, parseAllBytes: true, decodeBitStrings: false } as unknown as boolean;

const parsed = (text: string): Der => {
  try {
    return asn1.fromDer(forge.util.createBuffer(text), OPTIONS);
  } catch {
    throw malformed('its encoding is no ASN.1');
  }
};

/** Walks over headers only: no recursion, no copies. */
const measure = (bytes: Uint8Array): void => {
  const ends: number[] = [];
  let at = 0;
  for (let elements = 0; at < bytes.length; elements += 1) {
    while (ends.length > 0 && at >= (ends.at(-1) ?? 0)) ends.pop();
    if (elements > MOST_ELEMENTS) throw malformed('too many elements');
    const limit = ends.at(-1) ?? bytes.length;
    const { constructed, start, end } = header(bytes, at, limit);
    if (constructed) ends.push(end);
    if (ends.length > MOST_DEPTH) throw malformed('too deeply nested');
    at = constructed ? start : end;
  }
};

/** Tag of one byte; length of 1 to 4 bytes, definite (X.690 §10.1). */
const header = (
  bytes: Uint8Array,
  at: number,
  limit: number,
): { readonly constructed: boolean; readonly start: number; readonly end: number } => {
  const [tag = 0, first = 0x80] = bytes.subarray(at, at + 2);
  const digits = first < 0x80 ? 0 : first & 0x7f;
  if ((tag & 0x1f) === 0x1f || (first >= 0x80 && (digits === 0 || digits > 4))) {
    throw malformed('its encoding is not DER');
  }
  const start = at + 2 + digits;
  const length =
    digits === 0 ? first : bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
  if (start + length > limit) throw malformed('an element is longer than what it is in');
  return { constructed: (tag & 0x20) !== 0, start, end: start + length };
};

/** The bytes of an element, header and all. */
export const encoded = (node: Der): Buffer => Buffer.from(asn1.toDer(node).getBytes(), 'latin1');

/** The content of an element that is not constructed. */
export const contentOf = ({ value }: Der): Buffer => {
  if (typeof value !== 'string') throw malformed('an element is constructed that must not be');
  return Buffer.from(value, 'latin1');
};

/** Reads the elements of a constructed one in their order, and leaves none over. */
export class Elements {
  readonly #nodes: readonly Der[];
  #at = 0;

  constructor({ value }: Der) {
    if (typeof value === 'string') throw malformed('an element is not constructed');
    this.#nodes = value;
  }

  static sequence = (node: Der): Elements => new Elements(expect(node, UNIVERSAL, SEQUENCE));
  static set = (node: Der): Elements => new Elements(expect(node, UNIVERSAL, SET));

  get rest(): number {
    return this.#nodes.length - this.#at;
  }

  any(): Der {
    const node = this.#nodes[this.#at++];
    if (node === undefined) throw malformed('an element is missing');
    return node;
  }

  oid(): string {
    return asn1.derToOid(forge.util.createBuffer(contentOf(this.#universal(OID)).toString('latin1')));
  }

  octets(): Buffer {
    return contentOf(this.#universal(OCTETSTRING));
  }

  /** A small INTEGER that is not negative. */
  integer(): number {
    const content = contentOf(this.#universal(INTEGER));
    const [only = 0x80] = content;
    if (content.length !== 1 || only >= 0x80) throw malformed('a number is out of range');
    return only;
  }

  sequence(): Elements {
    return Elements.sequence(this.any());
  }

  set(): Elements {
    return Elements.set(this.any());
  }

  /** The element with this context-specific tag. */
  tagged(tag: number): Der {
    return expect(this.any(), CONTEXT_SPECIFIC, tag);
  }

  /** What the element with this context-specific tag is made of. */
  explicit(tag: number): Elements {
    return new Elements(this.tagged(tag));
  }

  nothing(): void {
    if (contentOf(this.#universal(NULL)).length > 0)
      throw malformed('an element is of another kind than expected');
  }

  /** @throws PosternError `mail-malformed` when there is more */
  end(): void {
    if (this.rest > 0) throw malformed('there is more than expected');
  }

  /** The only element. */
  only(): Der {
    const node = this.any();
    this.end();
    return node;
  }

  #universal(type: number): Der {
    return expect(this.any(), UNIVERSAL, type);
  }
}

const expect = (node: Der, tagClass: number, type: number): Der => {
  if (node.tagClass === tagClass && Number(node.type) === type) return node;
  throw malformed('an element is of another kind than expected');
};

const primitive = (type: number, value: string): Der => asn1.create(UNIVERSAL, type, false, value);
const binary = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Makes elements. */
export const der = {
  sequence: (...nodes: readonly Der[]): Der => asn1.create(UNIVERSAL, SEQUENCE, true, [...nodes]),
  /** Of several elements the caller puts those with the smaller encoding first (X.690 §11.6). */
  set: (...nodes: readonly Der[]): Der => asn1.create(UNIVERSAL, SET, true, [...nodes]),
  oid: (oid: string): Der => primitive(OID, asn1.oidToDer(oid).getBytes()),
  integer: (value: number): Der => primitive(INTEGER, asn1.integerToDer(value).getBytes()),
  octets: (bytes: Uint8Array): Der => primitive(OCTETSTRING, binary(bytes)),
  nothing: (): Der => primitive(NULL, ''),
  time: (at: number): Der => primitive(UTCTIME, asn1.dateToUtcTime(new Date(at)) as unknown as string),
  /** `[tag]` around elements: EXPLICIT, or IMPLICIT of a constructed type. */
  tagged: (tag: number, ...nodes: readonly Der[]): Der =>
    asn1.create(CONTEXT_SPECIFIC, tag, true, [...nodes]),
  /** `[tag] IMPLICIT OCTET STRING`. */
  taggedOctets: (tag: number, bytes: Uint8Array): Der =>
    asn1.create(CONTEXT_SPECIFIC, tag, false, binary(bytes)),
} as const;
