import type { CompiledElement, CompiledType, Slot } from './compile.ts';
import { type CodecCode, codecError, echo } from './errors.ts';
import type { Refuse, SimpleCodec } from './simple-types.ts';
import type { XmlAttribute, XmlSink } from './tokenise.ts';

const INSTANCE_NAMESPACE = 'http://www.w3.org/2001/XMLSchema-instance';

/** A complex element that is open: which slot of its type was reached, and what was read so far. */
interface Frame {
  readonly element: CompiledElement;
  readonly type: CompiledType;
  readonly value: Record<string, unknown>;
  slot: number;
  /** How many elements of that slot were read. */
  count: number;
}

/**
 * Reads one element of a schema from events, strictly: every element at its place, nothing beside. Push-down:
 * the open elements are the only state, values are made as elements close.
 */
export class ElementReader implements XmlSink {
  readonly #frames: Frame[] = [];
  #top: Frame;
  /** The open element when it has a simple type, and its text so far. */
  #leaf: CompiledElement | undefined;
  #simple: SimpleCodec | undefined;
  #text = '';
  readonly #refuse: Refuse = (reason) => {
    throw codecError('value-invalid', this.#path(), reason);
  };

  constructor(root: CompiledElement) {
    const slot = { property: 'root', min: 1, max: 1, list: false, choice: false, elements: [root] };
    this.#top = { element: root, type: { slots: [slot] }, value: {}, slot: 0, count: 0 };
  }

  /** What was read, once the root element has been closed. */
  get value(): unknown {
    return this.#top.value['root'];
  }

  open(namespace: string, name: string, attributes: readonly XmlAttribute[]): void {
    const element = this.#next(namespace, name);
    if (element.complex === undefined) {
      this.#leaf = element;
      this.#simple = element.simple;
      this.#text = '';
    } else {
      this.#frames.push(this.#top);
      this.#top = { element, type: element.complex, value: {}, slot: 0, count: 0 };
    }
    if (attributes.length > 0) this.#checkAttributes(attributes);
  }

  text(text: string): void {
    if (this.#leaf !== undefined) this.#text += text;
    else if (/[^ \t\r\n]/.test(text)) {
      throw codecError('text-unexpected', this.#path(), 'text between elements');
    }
  }

  close(): void {
    const leaf = this.#leaf;
    if (leaf !== undefined && this.#simple !== undefined) {
      const value = this.#simple.parse(this.#text, this.#refuse);
      this.#leaf = undefined;
      this.#store(leaf, value);
      return;
    }
    const done = this.#top;
    this.#finish(done);
    this.#top = this.#frames.pop() ?? done;
    this.#store(done.element, done.value);
  }

  /** Finds the element that may come now and moves to its slot. */
  #next(namespace: string, name: string): CompiledElement {
    const top = this.#top;
    if (this.#leaf !== undefined) return this.#unexpected(namespace, name, 'text only');
    const { slots } = top.type;
    for (let index = top.slot; index < slots.length; index++) {
      const slot = slots[index] as Slot;
      const count = index === top.slot ? top.count : 0;
      for (const element of slot.elements) {
        if (element.name !== name || element.namespace !== namespace) continue;
        if (count >= slot.max) {
          const times = slot.max === 1 ? 'once' : `${slot.max} times`;
          throw codecError('element-repeated', this.#path(), `<${name}> may occur ${times}`);
        }
        top.slot = index;
        top.count = count + 1;
        return element;
      }
      if (count < slot.min) return this.#misplaced(namespace, name, slot, index);
    }
    return this.#unexpected(namespace, name, 'the end');
  }

  #misplaced(namespace: string, name: string, expected: Slot, index: number): never {
    const later = this.#top.type.slots
      .slice(index + 1)
      .some((slot) =>
        slot.elements.some((element) => element.name === name && element.namespace === namespace),
      );
    if (!later) return this.#unexpected(namespace, name, describe(expected));
    const reason = `found <${name}>, expected ${describe(expected)}`;
    throw codecError('element-missing', this.#path(), reason);
  }

  #unexpected(namespace: string, name: string, expected: string): never {
    const candidates = this.#leaf === undefined ? this.#top.type.slots.flatMap((slot) => slot.elements) : [];
    const known = candidates.filter((element) => element.name === name);
    let code: CodecCode = 'element-unexpected';
    let found = `<${name.slice(0, 64)}>`;
    if (known.length > 0 && !known.some((element) => element.namespace === namespace)) {
      code = 'element-namespace-wrong';
      found += ` in the namespace ${echo(namespace)} instead of ${echo(known[0]?.namespace ?? '')}`;
    } else if (known.length > 0) {
      found += ' out of order';
      if (this.#top.value[name] !== undefined) code = 'element-repeated';
    }
    throw codecError(code, this.#path(), `found ${found}, expected ${expected}`);
  }

  /** Checks that nothing required is left, and gives lists without items their empty array. */
  #finish(frame: Frame): void {
    const { slots } = frame.type;
    for (let index = 0; index < slots.length; index++) {
      const slot = slots[index] as Slot;
      if (index >= frame.slot) {
        const count = index === frame.slot ? frame.count : 0;
        if (count < slot.min) {
          throw codecError('element-missing', this.#path(), `expected ${describe(slot)}, found the end`);
        }
      }
      if (slot.list) frame.value[slot.property] ??= [];
    }
  }

  #store(element: CompiledElement, value: unknown): void {
    const { type, slot: index, value: owner } = this.#top;
    const slot = type.slots[index] as Slot;
    if (slot.list) {
      const list = owner[slot.property] as unknown[] | undefined;
      if (list === undefined) owner[slot.property] = [value];
      else list.push(value);
    } else {
      owner[slot.property] = slot.choice ? { kind: element.name, value } : value;
    }
  }

  /** Other vendors' toolkits add xsi:type and xsi:schemaLocation; they say nothing the contract does not. */
  #checkAttributes(attributes: readonly XmlAttribute[]): void {
    for (const { namespace, name, value } of attributes) {
      const nil = name === 'nil' && !/^[ \t\r\n]*(false|0)[ \t\r\n]*$/.test(value);
      if (namespace !== INSTANCE_NAMESPACE || nil) {
        throw codecError('attribute-unexpected', this.#path(), `the attribute ${echo(name)}`);
      }
    }
  }

  /** Where reading stands, e.g. `Poll/responses/response[3]/at`. Only for messages. */
  #path(): string {
    const open = [...this.#frames.slice(1), this.#top].filter(
      (frame) => frame.type.slots[0]?.property !== 'root',
    );
    const names = open.map((frame, index) => {
      const parent = index === 0 ? undefined : open[index - 1];
      return frame.element.name + position(parent);
    });
    if (this.#leaf !== undefined) names.push(this.#leaf.name + position(open.at(-1)));
    return names.join('/');
  }
}

/** `[3]` when the element that was read last is one of a list. */
const position = (parent: Frame | undefined): string =>
  parent?.type.slots[parent.slot]?.list ? `[${parent.count}]` : '';

const describe = (slot: Slot): string => {
  const names = slot.elements.map((element) => `<${element.name}>`);
  return slot.choice ? `one of ${names.join(', ')}` : names.join('');
};
