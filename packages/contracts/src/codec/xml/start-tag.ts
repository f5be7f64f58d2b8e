import { codecError, echo } from '../errors.ts';
import { spaceEnd } from './characters.ts';
import { malformed } from './malformed.ts';
import { nameEnd } from './names.ts';
import { resolveReferences } from './references.ts';

const APOSTROPHE = 0x27;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const QUOTE = 0x22;
const SLASH = 0x2f;

/** An attribute as it stands in the tag, namespace declarations included. */
export interface RawAttribute {
  /** Qualified. */
  readonly name: string;
  /** Normalised (XML 1.0 §3.3.3). */
  readonly value: string;
}

/** What follows the name in a start tag. */
export interface StartTagRest {
  readonly attributes: readonly RawAttribute[];
  /** It is an empty-element tag. */
  readonly empty: boolean;
  /** Behind the tag. */
  readonly end: number;
}

/**
 * Reads a start tag or empty-element tag from behind its name (XML 1.0 §3.1 [40] [41] [44]).
 *
 * @param limit most attributes
 * @throws PosternError `xml-malformed`, `entity-forbidden`, `too-many-attributes`
 */
export const readStartTagRest = (source: string, from: number, limit: number): StartTagRest => {
  const attributes: RawAttribute[] = [];
  let at = from;
  for (;;) {
    const nameStart = spaceEnd(source, at);
    const code = source.charCodeAt(nameStart);
    if (code === GREATER) return { attributes, empty: false, end: nameStart + 1 };
    if (code === SLASH && source.charCodeAt(nameStart + 1) === GREATER) {
      return { attributes, empty: true, end: nameStart + 2 };
    }
    const end = nameEnd(source, nameStart);
    if (end === nameStart || nameStart === at) throw malformed('A start tag is not valid');
    if (attributes.length === limit) {
      throw codecError('too-many-attributes', '', `An element has more than ${limit} attributes`);
    }
    const name = source.slice(nameStart, end);
    if (attributes.some((other) => other.name === name)) throw repeated(name);
    const open = valueStart(source, end, name);
    const close = source.indexOf(source.charAt(open), open + 1);
    if (close === -1) throw malformed(`The value of the attribute ${echo(name)} does not end`);
    attributes.push({ name, value: attributeValue(source.slice(open + 1, close), name) });
    at = close + 1;
  }
};

/** Where the opening quote of an attribute's value stands (§2.3 [10], §2.8 [25]). */
const valueStart = (source: string, from: number, name: string): number => {
  const equals = spaceEnd(source, from);
  const start = spaceEnd(source, equals + 1);
  const quote = source.charCodeAt(start);
  if (source.charCodeAt(equals) !== EQUALS || (quote !== QUOTE && quote !== APOSTROPHE)) {
    throw malformed(`The attribute ${echo(name)} has no quoted value`);
  }
  return start;
};

/** White space as it stands becomes spaces; by reference it stays (§3.3.3). */
const attributeValue = (raw: string, name: string): string => {
  if (raw.includes('<')) throw malformed(`The value of the attribute ${echo(name)} holds a "<"`);
  return resolveReferences(raw.replace(/[\t\n]/g, ' '));
};

export const repeated = (name: string): Error => malformed(`The attribute ${echo(name)} is repeated`);
