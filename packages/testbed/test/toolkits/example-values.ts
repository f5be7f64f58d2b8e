import { type ComplexType, type ElementMember, type SimpleType, schema } from '@postern/contracts';
import { Instant } from '@postern/core';
import { typeOf } from './element-keys.ts';

/** No UTF-8, so that bytes are not taken for text; as long as a key is. */
const BYTES = Uint8Array.from({ length: 32 }, (_, at) => (at * 37 + 255) % 256);
const INSTANT = Instant(Date.UTC(2026, 0, 2, 3, 4, 5, 678));
const TEXT = 'Größe <2> & "floor" ]]>';

/** What fits each pattern of the contracts. */
const PATTERNED: Readonly<Record<string, string>> = {
  'types.ComponentName': 'firmware',
  'types.ErrorCode': 'device-unknown',
  'types.FileName': 'report.txt',
  'types.HostText': 'printer-1.example',
  'types.Identifier': 'id-1.a_B',
  'types.MessageAuthenticationCode': '0123456789abcdef'.repeat(4),
  'types.ModelName': 'MFP 100',
  'types.NodeName': 'node-1',
  'types.Nonce': '0123456789abcdef'.repeat(2),
  'types.OneTimePassword': 'Pa55<&>word!',
  'types.Sha256': 'fedcba9876543210'.repeat(4),
  'types.VersionText': '1.2.3+4',
};

/**
 * The same value of an element each time, with everything that it may hold: lists have two items, or one for each way of a
 * choice.
 *
 * @param key of the element, e.g. `device.GetCounters`
 * @param variant which way is taken where a choice stands alone
 */
export const exampleOf = (key: string, variant = 0): unknown => exampleOfType(typeOf(key), variant);

/** How many variants an element needs so that each way of a choice is taken. */
export const variantsOf = (key: string): number => variantsOfType(typeOf(key));

const exampleOfType = (type: string, variant: number): unknown => {
  const simple = schema.simpleTypes[type];
  if (simple !== undefined) return simpleExample(type, simple);
  const properties = members(type).map((member): [string, unknown] => {
    if (member.kind === 'element') return [member.name, memberExample(member, variant)];
    const option = member.options[variant % member.options.length];
    if (option === undefined) throw new Error(`${type} has a choice of nothing`);
    return ['body', { kind: option.name, value: exampleOfType(option.type, 0) }];
  });
  return Object.fromEntries(properties);
};

const memberExample = ({ type, max }: ElementMember, variant: number): unknown => {
  if (max === 1) return exampleOfType(type, variant);
  const length = Math.min(max, Math.max(2, variantsOfType(type)));
  return Array.from({ length }, (_, at) => exampleOfType(type, at));
};

const variantsOfType = (type: string): number =>
  Math.max(
    1,
    ...members(type).map((member) => {
      if (member.kind === 'choice') return member.options.length;
      return member.max === 1 ? variantsOfType(member.type) : 1;
    }),
  );

const members = (type: string): ComplexType['members'] => schema.complexTypes[type]?.members ?? [];

const simpleExample = (
  name: string,
  { primitive, enumeration, minimum = 0, maximum }: SimpleType,
): unknown => {
  switch (primitive) {
    case 'string':
      return enumeration?.at(-1) ?? PATTERNED[name] ?? TEXT;
    case 'integer':
      return Math.min(maximum ?? Number.MAX_SAFE_INTEGER, Math.max(minimum, 2 ** 40 + 7));
    case 'boolean':
      return true;
    case 'dateTime':
      return INSTANT;
    case 'base64Binary':
      return BYTES;
  }
};
