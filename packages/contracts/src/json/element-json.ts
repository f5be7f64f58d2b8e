import { formatDateTime } from '../codec/date-time.ts';
import { CHOICE_PROPERTY, type ComplexType, type ElementMember } from '../codec/schema.ts';
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

const optionOf = (options: readonly ElementMember[], kind: string): ElementMember | undefined =>
  options.find(({ name }) => name === kind);
