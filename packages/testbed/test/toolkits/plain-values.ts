import { schema } from '@postern/contracts';

/** As the drivers of the toolkits are given it: JSON, where bytes and times are marked. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [name: string]: Plain };

/** A value of a type of the contracts as arguments of a toolkit: the way of a choice is an element among the others. */
export const toPlain = (type: string, value: unknown): Plain => {
  const simple = schema.simpleTypes[type];
  if (simple?.primitive === 'dateTime') return { $time: new Date(value as number).toISOString() };
  if (simple?.primitive === 'base64Binary') {
    return { $bytes: Buffer.from(value as Uint8Array).toString('base64') };
  }
  if (simple !== undefined) return value as Plain;
  const record = value as Readonly<Record<string, unknown>>;
  const entries = (schema.complexTypes[type]?.members ?? []).flatMap((member): [string, Plain][] => {
    const present = record[member.kind === 'choice' ? 'body' : member.name];
    if (present === undefined) return [];
    if (member.kind === 'choice') {
      const { kind, value: chosen } = present as { readonly kind: string; readonly value: unknown };
      const option = member.options.find(({ name }) => name === kind);
      return [[kind, toPlain(option?.type ?? '', chosen)]];
    }
    const { name, type: inner } = member;
    return [
      [name, Array.isArray(present) ? present.map((item) => toPlain(inner, item)) : toPlain(inner, present)],
    ];
  });
  return Object.fromEntries(entries);
};

/**
 * What stands in a value, in order, as text: toolkits name and nest what they have read in ways of their own, but must have
 * read the same.
 */
export const leavesOf = (value: Plain): readonly string[] => {
  if (value === null) return [];
  if (typeof value !== 'object') return [String(value)];
  if ('$time' in value) return [String(value['$time'])];
  if ('$bytes' in value) return [String(value['$bytes'])];
  return (Array.isArray(value) ? value : Object.values(value)).flatMap(leavesOf);
};
