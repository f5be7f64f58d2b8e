import { schema } from '@postern/contracts';

/** The key of an element in the schema of the contracts: `device.GetCounters`. */
export const keyOf = ({ namespace, name }: { readonly namespace: string; readonly name: string }): string => {
  const found = Object.entries(schema.elements).find(
    ([, it]) => it.namespace === namespace && it.name === name,
  );
  if (found === undefined) throw new Error(`no element ${name}`);
  return found[0];
};

/** The type of the element with this key. */
export const typeOf = (key: string): string => {
  const element = schema.elements[key];
  if (element === undefined) throw new Error(`no element ${key}`);
  return element.type;
};
