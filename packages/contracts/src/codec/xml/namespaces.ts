import { echo } from '../errors.ts';
import type { XmlAttribute } from './events.ts';
import { malformed } from './malformed.ts';
import { nameEnd } from './names.ts';
import { type RawAttribute, repeated } from './start-tag.ts';

const XML_NAMESPACE = 'http://www.w3.org/XML/1998/namespace';
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';

/** One declaration; an inner one hides the outer. */
interface Declaration {
  readonly outer: Declaration | undefined;
  readonly depth: number;
  /** Empty for the default namespace. */
  readonly prefix: string;
  readonly namespace: string;
}

/** Resolves prefixes as "Namespaces in XML 1.0" says. */
export class NamespaceScopes {
  #innermost: Declaration | undefined;
  #depth = 0;

  /** Enters an element without attributes. */
  enter(): void {
    this.#depth++;
  }

  /** Enters an element and returns its attributes other than namespace declarations. */
  enterWith(attributes: readonly RawAttribute[]): readonly XmlAttribute[] {
    this.#depth++;
    const others: RawAttribute[] = [];
    for (const attribute of attributes) {
      const { name, value } = attribute;
      if (name === 'xmlns') this.#declare('', value);
      else if (name.startsWith('xmlns:')) this.#declare(localPart(name, 5), value);
      else others.push(attribute);
    }
    return others.length === 0 ? NONE : this.#resolveAttributes(others);
  }

  leave(): void {
    while (this.#innermost?.depth === this.#depth) this.#innermost = this.#innermost.outer;
    this.#depth--;
  }

  /** The namespace of a prefix; empty when there is none. @param name for the message */
  resolve(prefix: string, name: string): string {
    for (let declaration = this.#innermost; declaration !== undefined; declaration = declaration.outer) {
      if (declaration.prefix === prefix) return declaration.namespace;
    }
    if (prefix === '') return '';
    if (prefix === 'xml') return XML_NAMESPACE;
    throw malformed(`The prefix of ${echo(name)} is not declared`);
  }

  /** No two may have the same expanded name (§6.3), and the default namespace is not theirs (§6.2). */
  #resolveAttributes(attributes: readonly RawAttribute[]): readonly XmlAttribute[] {
    const resolved: XmlAttribute[] = [];
    for (const { name: qualified, value } of attributes) {
      const colon = qualified.indexOf(':');
      const namespace = colon === -1 ? '' : this.resolve(qualified.slice(0, colon), qualified);
      const name = colon === -1 ? qualified : localPart(qualified, colon);
      if (resolved.some((other) => other.name === name && other.namespace === namespace)) {
        throw repeated(qualified);
      }
      resolved.push({ namespace, name, value });
    }
    return resolved;
  }

  /** Holds the constraints of §3 on the reserved prefixes and of §5 on undeclaring. */
  #declare(prefix: string, namespace: string): void {
    const reserved = namespace === XML_NAMESPACE || namespace === XMLNS_NAMESPACE;
    if (
      prefix === 'xmlns' ||
      (prefix === 'xml') !== (namespace === XML_NAMESPACE) ||
      (reserved && prefix !== 'xml') ||
      (prefix !== '' && namespace === '')
    ) {
      throw malformed(`The prefix ${echo(prefix)} cannot be declared so`);
    }
    this.#innermost = { outer: this.#innermost, depth: this.#depth, prefix, namespace };
  }
}

const NONE: readonly XmlAttribute[] = [];

/** What follows the colon of a qualified name (§4 [7] to [11]). */
export const localPart = (name: string, colon: number): string => {
  const start = colon + 1;
  const partsPresent = colon > 0 && start < name.length;
  if (!partsPresent || nameEnd(name, start) !== name.length || name.includes(':', start)) {
    throw malformed(`${echo(name)} is not a qualified name`);
  }
  return name.slice(start);
};
