import { formatDateTime } from '../codec/date-time.ts';
import { codecError } from '../codec/errors.ts';
import { CHOICE_PROPERTY, type ComplexType, type ElementMember } from '../codec/schema.ts';
import { compileSimpleType } from '../codec/simple-types.ts';
import { schema } from '../generated/schema.ts';

/**
 * The JSON form of what the contracts describe: property names are those of the elements, xs:dateTime is ISO 8601 text,
 * xs:base64Binary is base64 text, a choice is `{ kind, value }`. A member whose type is nothing but a list is the
 * list: `names: ["a", "b"]`, not `names: { name: [...] }`.
 *
 * @param type key of a simple or complex type, e.g. `device.SetParameters`
 * @param value as the codecs have it
 */
export const toJson = (type: string, value: unknown): unknown => {
  const simple = schema.simpleTypes[type];
  if (simple?.primitive === 'dateTime') return formatDateTime(value as number);
  if (simple?.primitive === 'base64Binary') return Buffer.from(value as Uint8Array).toString('base64');
  if (simple !== undefined) return value;
  const record = value as Record<string, unknown>;
  const written = membersOf(type).flatMap((member): [string, unknown][] => {
    const name = member.kind === 'choice' ? CHOICE_PROPERTY : member.name;
    const present = record[name];
    if (present === undefined) return [];
    if (member.kind === 'element') return [[name, memberToJson(member, present)]];
    const { kind, value: chosen } = present as { kind: string; value: unknown };
    return [[name, { kind, value: toJson(optionOf(member.options, kind)?.type ?? '', chosen) }]];
  });
  return Object.fromEntries(written);
};

/**
 * Reads the JSON form. Unknown properties are refused, and text that is no time or no base64; what else is wrong (ranges,
 * lengths, what is missing) is found by the codec of the element when the value is written.
 *
 * @param path where this stands, for messages
 * @throws PosternError `element-unexpected`, `value-invalid`
 */
export const fromJson = (type: string, json: unknown, path: string): unknown => {
  const simple = schema.simpleTypes[type];
  if (simple?.primitive === 'dateTime' || simple?.primitive === 'base64Binary') {
    const refuse = (reason: string): never => misfit(path, reason);
    return typeof json === 'string' ? compileSimpleType(simple).parse(json, refuse) : refuse('not a text');
  }
  if (simple !== undefined) return json;
  const members = membersOf(type);
  const present = objectAt(json, path);
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(present)) {
    const member = members.find((each) => (each.kind === 'choice' ? CHOICE_PROPERTY : each.name) === name);
    if (member === undefined) throw codecError('element-unexpected', path, `unknown: ${name.slice(0, 64)}`);
    if (value === undefined) continue;
    const inside = `${path}/${name}`;
    read[name] =
      member.kind === 'element'
        ? memberFromJson(member, value, inside)
        : choiceFromJson(member.options, value, inside);
  }
  return withEmptyLists(members, read);
};

/** The list that a type consists of alone. */
export const soleList = (type: string): ElementMember | undefined => {
  const [only, ...more] = schema.complexTypes[type]?.members ?? [];
  return only?.kind === 'element' && more.length === 0 && only.max > 1 ? only : undefined;
};

/** The members of an element's type, or of another complex type; none for a simple one. */
export const membersOf = (type: string): ComplexType['members'] => schema.complexTypes[type]?.members ?? [];

const memberToJson = ({ type, max }: ElementMember, value: unknown): unknown => {
  if (max > 1) return (value as unknown[]).map((item) => toJson(type, item));
  const list = soleList(type);
  if (list === undefined) return toJson(type, value);
  return (value as Record<string, unknown[]>)[list.name]?.map((item) => toJson(list.type, item));
};

const memberFromJson = ({ type, max }: ElementMember, json: unknown, path: string): unknown => {
  if (max > 1) return listFromJson(type, json, path);
  const list = soleList(type);
  if (list === undefined) return fromJson(type, json, path);
  return { [list.name]: listFromJson(list.type, json, path) };
};

const listFromJson = (type: string, json: unknown, path: string): unknown[] => {
  if (!Array.isArray(json)) return misfit(path, 'not a list');
  return json.map((item, index) => fromJson(type, item, `${path}[${index + 1}]`));
};

const choiceFromJson = (options: readonly ElementMember[], json: unknown, path: string): unknown => {
  const { kind, value } = objectAt(json, path);
  const option = typeof kind === 'string' ? optionOf(options, kind) : undefined;
  if (option === undefined)
    return misfit(path, `kind is none of ${options.map(({ name }) => name).join(', ')}`);
  return { kind, value: fromJson(option.type, value, `${path}/${kind}`) };
};

const optionOf = (options: readonly ElementMember[], kind: string): ElementMember | undefined =>
  options.find(({ name }) => name === kind);

/** As the codecs have it: a list is there, if empty. */
const withEmptyLists = (members: ComplexType['members'], read: Record<string, unknown>): unknown => {
  for (const member of members) {
    if (member.kind === 'element' && member.max > 1) read[member.name] ??= [];
  }
  return read;
};

const objectAt = (json: unknown, path: string): Record<string, unknown> =>
  typeof json === 'object' && json !== null && !Array.isArray(json)
    ? (json as Record<string, unknown>)
    : misfit(path, 'not an object');

const misfit = (path: string, reason: string): never => {
  throw codecError('value-invalid', path, reason);
};
