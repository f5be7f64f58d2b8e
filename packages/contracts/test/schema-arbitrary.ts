import { type ElementMember, type Schema, type SimpleType, schema } from '@postern/contracts';
import { Instant } from '@postern/core';
import fc from 'fast-check';

/** Values of an element that fit the contract, made from the same descriptor the codec runs on. */
export const elementArbitrary = (key: string): fc.Arbitrary<unknown> => {
  const element = schema.elements[key];
  if (element === undefined) throw new Error(`no element ${key}`);
  return typeArbitrary(schema, element.type);
};

const typeArbitrary = (from: Schema, key: string): fc.Arbitrary<unknown> => {
  const simple = from.simpleTypes[key];
  if (simple !== undefined) return simpleArbitrary(simple);
  const properties: Record<string, fc.Arbitrary<unknown>> = {};
  const required: string[] = [];
  for (const member of from.complexTypes[key]?.members ?? []) {
    const name = member.kind === 'choice' ? 'body' : member.name;
    properties[name] =
      member.kind === 'choice'
        ? fc.oneof(...member.options.map((option) => optionArbitrary(from, option)))
        : memberArbitrary(from, member);
    if (member.kind === 'choice' || member.min > 0 || member.max > 1) required.push(name);
  }
  return fc.record(properties, { requiredKeys: required, noNullPrototype: true });
};

const optionArbitrary = (from: Schema, option: ElementMember): fc.Arbitrary<unknown> =>
  fc.record(
    { kind: fc.constant(option.name), value: typeArbitrary(from, option.type) },
    { noNullPrototype: true },
  );

const memberArbitrary = (from: Schema, member: ElementMember): fc.Arbitrary<unknown> => {
  const value = typeArbitrary(from, member.type);
  return member.max > 1
    ? fc.array(value, { minLength: member.min, maxLength: Math.min(member.max, 4) })
    : value;
};

const simpleArbitrary = (type: SimpleType): fc.Arbitrary<unknown> => {
  switch (type.primitive) {
    case 'string':
      return stringArbitrary(type);
    case 'integer':
      return fc.integer({ min: type.minimum ?? 0, max: type.maximum ?? Number.MAX_SAFE_INTEGER });
    case 'boolean':
      return fc.boolean();
    case 'dateTime':
      return fc.integer({ min: Date.UTC(1000, 0, 1), max: Date.UTC(9999, 11, 31) }).map(Instant);
    case 'base64Binary':
      return fc.uint8Array({ minLength: type.minLength ?? 0, maxLength: Math.min(type.maxLength ?? 64, 64) });
  }
};

const stringArbitrary = ({
  enumeration,
  patterns = [],
  maxLength = 64,
}: SimpleType): fc.Arbitrary<string> => {
  if (enumeration !== undefined) return fc.constantFrom(...enumeration);
  const [pattern] = patterns;
  if (pattern !== undefined) return fc.stringMatching(pattern, { size: 'small' });
  return fc.string({ unit: 'grapheme', maxLength: Math.min(maxLength, 64) }).filter(isXmlText);
};

/** XML 1.0 carries no control characters but tab, line feed and carriage return. */
const isXmlText = (text: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  !/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]/u.test(text);
