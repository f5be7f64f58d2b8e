import { CHOICE_PROPERTY, type Schema } from './schema.ts';
import { compileSimpleType, type SimpleCodec } from './simple-types.ts';

/** A complex type, ready to be walked: one slot for each member of its sequence. */
export interface CompiledType {
  readonly slots: readonly Slot[];
}

export interface Slot {
  readonly property: string;
  readonly min: number;
  readonly max: number;
  /** The property is an array. */
  readonly list: boolean;
  /** The property is `{ kind, value }`. */
  readonly choice: boolean;
  /** One element, or what the choice offers. */
  readonly elements: readonly CompiledElement[];
}

export interface CompiledElement {
  readonly namespace: string;
  readonly name: string;
  /** Either of the two. */
  readonly simple: SimpleCodec | undefined;
  readonly complex: CompiledType | undefined;
}

/** Compiles types on first use and once each. */
export const createCompiler = (schema: Schema): ((key: string) => CompiledElement) => {
  const simpleTypes = new Map<string, SimpleCodec>();
  const complexTypes = new Map<string, CompiledType>();

  const simple = (key: string): SimpleCodec | undefined => {
    const type = schema.simpleTypes[key];
    const known = simpleTypes.get(key);
    if (type === undefined || known !== undefined) return known;
    const codec = compileSimpleType(type);
    simpleTypes.set(key, codec);
    return codec;
  };

  const complex = (key: string): CompiledType | undefined => {
    const type = schema.complexTypes[key];
    const known = complexTypes.get(key);
    if (type === undefined || known !== undefined) return known;
    const slots: Slot[] = [];
    const compiled = { slots };
    // Entered before its members are compiled: a type may contain itself.
    complexTypes.set(key, compiled);
    for (const member of type.members) {
      slots.push(
        member.kind === 'choice'
          ? {
              property: CHOICE_PROPERTY,
              min: 1,
              max: 1,
              list: false,
              choice: true,
              elements: member.options.map(element),
            }
          : {
              property: member.name,
              min: member.min,
              max: member.max,
              list: member.max > 1,
              choice: false,
              elements: [element(member)],
            },
      );
    }
    return compiled;
  };

  const element = (of: { namespace: string; name: string; type: string }): CompiledElement => ({
    namespace: of.namespace,
    name: of.name,
    simple: simple(of.type),
    complex: complex(of.type),
  });

  return (key) => {
    const found = schema.elements[key];
    if (found === undefined) throw new Error(`The schema has no element ${key}`);
    return element(found);
  };
};
