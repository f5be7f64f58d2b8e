import type { CompiledElement, CompiledType, Slot } from './compile.ts';
import { escapeAttribute } from './escape.ts';
import { Misfit, misfitError, refuse, within } from './misfit.ts';

type Write = (value: unknown) => string;

/**
 * Compiles an element into a function from value to XML. Namespaces are switched by redeclaring the default
 * namespace where it changes, so that every start tag is a constant.
 *
 * @returns a function that throws PosternError `value-invalid` or `element-missing`, with the path, when the value
 * does not fit the contract
 */
export const compileWriter = (root: CompiledElement): ((value: unknown) => string) => {
  const contents = new Map<CompiledType, Map<string, Write>>();

  const content = (type: CompiledType, namespace: string): Write => {
    const known = contents.get(type)?.get(namespace);
    if (known !== undefined) return known;
    let slots: readonly Write[] | undefined;
    const write: Write = (value) => {
      // Compiled on first use: a type may contain itself.
      slots ??= type.slots.map((slot) => slotWriter(slot, namespace));
      return writeSlots(type, slots, value);
    };
    contents.set(type, (contents.get(type) ?? new Map<string, Write>()).set(namespace, write));
    return write;
  };

  const elementWriter = (element: CompiledElement, ambient: string): Write => {
    const declaration = element.namespace === ambient ? '' : ` xmlns="${escapeAttribute(element.namespace)}"`;
    const open = `<${element.name}${declaration}>`;
    const close = `</${element.name}>`;
    const { simple, complex } = element;
    if (simple !== undefined) return (value) => open + simple.format(value, refuse) + close;
    if (complex === undefined) throw new Error(`The element ${element.name} has no type`);
    const inner = content(complex, element.namespace);
    return (value) => open + inner(value) + close;
  };

  const slotWriter = (slot: Slot, ambient: string): Write => {
    if (slot.choice) return choiceWriter(slot, ambient);
    const [element] = slot.elements;
    if (element === undefined) throw new Error(`The member ${slot.property} has no element`);
    const write = elementWriter(element, ambient);
    if (!slot.list) return write;
    return (value) => {
      if (!Array.isArray(value)) return refuse('not an array');
      if (value.length < slot.min || value.length > slot.max) {
        refuse(`${value.length} items, ${slot.min} to ${slot.max} are allowed`);
      }
      let out = '';
      for (let index = 0; index < value.length; index++) {
        try {
          out += write(value[index]);
        } catch (error) {
          throw within(`[${index + 1}]`, error);
        }
      }
      return out;
    };
  };

  const choiceWriter = (slot: Slot, ambient: string): Write => {
    const writers = new Map(slot.elements.map((element) => [element.name, elementWriter(element, ambient)]));
    return (value) => {
      const { kind, value: chosen } = value as { kind?: unknown; value?: unknown };
      const write = typeof kind === 'string' ? writers.get(kind) : undefined;
      if (write === undefined) return refuse(`kind is none of ${[...writers.keys()].join(', ')}`);
      return write(chosen);
    };
  };

  const write = elementWriter(root, '');
  return (value) => {
    try {
      return write(value);
    } catch (error) {
      throw error instanceof Misfit ? misfitError(root.name, error) : error;
    }
  };
};

const writeSlots = (type: CompiledType, writers: readonly Write[], value: unknown): string => {
  if (typeof value !== 'object' || value === null) return refuse('not an object');
  const record = value as Record<string, unknown>;
  let out = '';
  let index = 0;
  try {
    for (; index < writers.length; index++) {
      const { property, min, list } = type.slots[index] as Slot;
      const member = record[property];
      if (member !== undefined) out += (writers[index] as Write)(member);
      else if (min > 0 || list) throw new Misfit('element-missing', 'required, but absent');
    }
  } catch (error) {
    throw within(`/${type.slots[index]?.property}`, error);
  }
  return out;
};
