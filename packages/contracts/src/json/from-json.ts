import { Misfit, misfitError, refuse, within } from '../codec/misfit.ts';
import { CHOICE_PROPERTY, type ElementMember } from '../codec/schema.ts';
import { compileSimpleType } from '../codec/simple-types.ts';
import { schema } from '../generated/schema.ts';
import { membersOf, soleList } from './element-json.ts';

/** Reads the JSON form of one type. Throws {@link Misfit}. */
type Read = (json: unknown) => unknown;

/**
 * Reads the JSON form ({@link toJson} says what it looks like). Unknown properties are refused, and text that is no time
 * or no base64; what else is wrong (ranges, lengths, what is missing) is found by the codec of the element when the
 * value is written.
 *
 * @param type key of a simple or complex type
 * @param path where this stands, for messages
 * @throws PosternError `element-unexpected`, `value-invalid`
 */
export const fromJson = (type: string, json: unknown, path: string): unknown => {
  try {
    return readerOf(type)(json);
  } catch (error) {
    throw error instanceof Misfit ? misfitError(path, error) : error;
  }
};

/** Of the types of the contracts that have been read. */
const readers = new Map<string, Read>();

/** Compiled on first use and once each: a page of a thousand devices has thousands of times. */
const readerOf = (type: string): Read => {
  const known = readers.get(type);
  if (known !== undefined) return known;
  const read = schema.simpleTypes[type] === undefined ? complexReader(type) : simpleReader(type);
  readers.set(type, read);
  return read;
};

const simpleReader = (type: string): Read => {
  const simple = schema.simpleTypes[type];
  if (simple?.primitive !== 'dateTime' && simple?.primitive !== 'base64Binary') return (json) => json;
  const { parse } = compileSimpleType(simple);
  return (json) => (typeof json === 'string' ? parse(json, refuse) : refuse('not a text'));
};

const complexReader = (type: string): Read => {
  // The members' readers come with the first value: a type may contain itself.
  let members: ReadonlyMap<string, Read> | undefined;
  const lists = membersOf(type).flatMap((member) =>
    member.kind === 'element' && member.max > 1 ? [member.name] : [],
  );
  return (json) => {
    members ??= memberReaders(type);
    const present = objectOf(json);
    const value: Record<string, unknown> = {};
    for (const name of Object.keys(present)) {
      const read = members.get(name);
      if (read === undefined) throw new Misfit('element-unexpected', `unknown: ${name.slice(0, 64)}`);
      if (present[name] === undefined) continue;
      try {
        value[name] = read(present[name]);
      } catch (error) {
        throw within(`/${name}`, error);
      }
    }
    // As the codecs have it: a list is there, if empty.
    for (const name of lists) value[name] ??= [];
    return value;
  };
};

const memberReaders = (type: string): ReadonlyMap<string, Read> =>
  new Map(
    membersOf(type).map((member) =>
      member.kind === 'element'
        ? [member.name, memberReader(member)]
        : [CHOICE_PROPERTY, choiceReader(member.options)],
    ),
  );

const memberReader = ({ type, max }: ElementMember): Read => {
  if (max > 1) return listReader(type);
  const list = soleList(type);
  if (list === undefined) return readerOf(type);
  const read = listReader(list.type);
  return (json) => ({ [list.name]: read(json) });
};

const listReader = (type: string): Read => {
  const read = readerOf(type);
  return (json) => {
    if (!Array.isArray(json)) return refuse('not a list');
    return json.map((item, index) => {
      try {
        return read(item);
      } catch (error) {
        throw within(`[${index + 1}]`, error);
      }
    });
  };
};

const choiceReader = (options: readonly ElementMember[]): Read => {
  const readersByKind = new Map(options.map(({ name, type }) => [name, readerOf(type)]));
  return (json) => {
    const { kind, value } = objectOf(json);
    const read = typeof kind === 'string' ? readersByKind.get(kind) : undefined;
    if (read === undefined) return refuse(`kind is none of ${[...readersByKind.keys()].join(', ')}`);
    try {
      return { kind, value: read(value) };
    } catch (error) {
      throw within(`/${kind}`, error);
    }
  };
};

const objectOf = (json: unknown): Record<string, unknown> =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
    ? (json as Record<string, unknown>)
    : refuse('not an object');
