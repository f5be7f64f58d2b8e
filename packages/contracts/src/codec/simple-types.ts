import { types as nodeTypes } from 'node:util';
import { formatDateTime, parseDateTime } from './date-time.ts';
import { echo } from './errors.ts';
import { escapeText } from './escape.ts';
import type { SimpleType } from './schema.ts';

/** Reports why a value does not fit; the caller knows where it stands. */
export type Refuse = (reason: string) => never;

/** Reads and writes the values of one simple type. */
export interface SimpleCodec {
  readonly parse: (text: string, refuse: Refuse) => unknown;
  /** The value as escaped element content. */
  readonly format: (value: unknown, refuse: Refuse) => string;
}

/** Compiles a simple type once, so that reading and writing a value runs no descriptor logic. */
export const compileSimpleType = (type: SimpleType): SimpleCodec => {
  switch (type.primitive) {
    case 'string':
      return stringCodec(type);
    case 'integer':
      return integerCodec(type);
    case 'boolean':
      return booleanCodec;
    case 'dateTime':
      return dateTimeCodec;
    case 'base64Binary':
      return base64Codec(type);
  }
};

const stringCodec = (type: SimpleType): SimpleCodec => {
  const { patterns = [], enumeration, minLength = 0, maxLength = Number.POSITIVE_INFINITY } = type;
  const allowed = enumeration === undefined ? undefined : new Set(enumeration);
  const shown = (text: string): string => (type.secret ? 'the value' : echo(text));
  const check = (text: string, refuse: Refuse): void => {
    if (allowed !== undefined && !allowed.has(text)) {
      refuse(`${shown(text)} is none of ${enumeration?.join(', ')}`);
    }
    for (const pattern of patterns) {
      if (!pattern.test(text)) refuse(`${shown(text)} does not match ${pattern.source}`);
    }
    if (text.length > maxLength && codePoints(text) > maxLength) {
      refuse(`longer than ${maxLength} characters`);
    }
    if (minLength > 0 && codePoints(text) < minLength) refuse(`shorter than ${minLength} characters`);
  };
  return {
    parse: (text, refuse) => {
      check(text, refuse);
      return text;
    },
    format: (value, refuse) => {
      if (typeof value !== 'string') return refuse('not a string');
      check(value, refuse);
      return escapeText(value) ?? refuse('holds a character that XML cannot carry');
    },
  };
};

const codePoints = (text: string): number => {
  let count = 0;
  for (const _ of text) count++;
  return count;
};

const INTEGER = /^[+-]?\d{1,20}$/;

const integerCodec = (type: SimpleType): SimpleCodec => {
  const { minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER } = type;
  const check = (value: number, refuse: Refuse): void => {
    if (value < minimum || value > maximum) refuse(`${value} is not within ${minimum} to ${maximum}`);
  };
  return {
    parse: (text, refuse) => {
      const collapsed = collapse(text);
      if (!INTEGER.test(collapsed)) refuse(`${echo(text)} is not an integer`);
      // Adding 0 turns -0 into 0.
      const value = Number(collapsed) + 0;
      check(value, refuse);
      return value;
    },
    format: (value, refuse) => {
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) return refuse('not a safe integer');
      check(value, refuse);
      return String(value);
    },
  };
};

const booleanCodec: SimpleCodec = {
  parse: (text, refuse) => {
    const collapsed = collapse(text);
    if (collapsed === 'true' || collapsed === '1') return true;
    if (collapsed === 'false' || collapsed === '0') return false;
    return refuse(`${echo(text)} is not a boolean`);
  },
  format: (value, refuse) => (typeof value === 'boolean' ? String(value) : refuse('not a boolean')),
};

const dateTimeCodec: SimpleCodec = {
  parse: (text, refuse) =>
    parseDateTime(collapse(text)) ?? refuse(`${echo(text)} is not a date and time with time zone`),
  format: (value, refuse) =>
    (typeof value === 'number' ? formatDateTime(value) : undefined) ?? refuse('not an instant'),
};

const base64Codec = (type: SimpleType): SimpleCodec => {
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = type;
  const check = (bytes: Uint8Array, refuse: Refuse): void => {
    if (bytes.length < minLength) refuse(`${bytes.length} bytes, shorter than ${minLength}`);
    if (bytes.length > maxLength) refuse(`${bytes.length} bytes, longer than ${maxLength}`);
  };
  return {
    parse: (text, refuse) => {
      const encoded = text.replace(/[ \t\r\n]+/g, '');
      const bytes = Buffer.from(encoded, 'base64');
      // Buffer skips what it cannot read; only what comes back unchanged was base64.
      if (bytes.toString('base64') !== encoded) refuse('not base64');
      check(bytes, refuse);
      return new Uint8Array(bytes);
    },
    format: (value, refuse) => {
      if (!nodeTypes.isUint8Array(value)) return refuse('not bytes');
      check(value, refuse);
      return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
    },
  };
};

/** White space around a value (XML Schema Part 2 §4.3.6, `collapse`); inside there can be none. */
const collapse = (text: string): string => text.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '');
