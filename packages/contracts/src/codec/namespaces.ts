import { codecError, echo } from './errors.ts';
import type { XmlAttribute } from './tokenise.ts';

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

/**
 * Resolves prefixes as "Namespaces in XML 1.0" says. Done here and not by the tokeniser, which makes an object of
 * every attribute and name on the way: most elements of ours have no declarations at all.
 */
export class NamespaceScopes {
  #innermost: Declaration | undefined;
  #depth = 0;

  /** Enters an element and returns its attributes other than namespace declarations. */
  enter(attributes?: Readonly<Record<string, string>>): readonly XmlAttribute[] {
    this.#depth++;
    if (attributes === undefined) return [];
    const names = Object.keys(attributes);
    for (const name of names) {
      if (name === 'xmlns') this.#declare('', attributes[name] ?? '');
      else if (name.startsWith('xmlns:')) this.#declare(name.slice(6), attributes[name] ?? '');
    }
    const rest = names
      .filter((name) => name !== 'xmlns' && !name.startsWith('xmlns:'))
      .map((name) => this.#attribute(name, attributes[name] ?? ''));
    return rest;
  }

  leave(): void {
    while (this.#innermost?.depth === this.#depth) this.#innermost = this.#innermost.outer;
    this.#depth--;
  }

  /** The namespace of an element's qualified name; empty when it is in none. */
  elementNamespace(name: string): string {
    const colon = name.indexOf(':');
    return this.#resolve(name, colon === -1 ? '' : prefixOf(name, colon));
  }

  #attribute(name: string, value: string): XmlAttribute {
    const colon = name.indexOf(':');
    if (colon === -1) return { namespace: '', name, value };
    return { namespace: this.#resolve(name, prefixOf(name, colon)), name: name.slice(colon + 1), value };
  }

  #resolve(name: string, prefix: string): string {
    for (let declaration = this.#innermost; declaration !== undefined; declaration = declaration.outer) {
      if (declaration.prefix === prefix) return declaration.namespace;
    }
    if (prefix === '') return '';
    if (prefix === 'xml') return XML_NAMESPACE;
    throw codecError('xml-malformed', '', `The prefix of ${echo(name)} is not declared`);
  }

  #declare(prefix: string, namespace: string): void {
    const reserved = namespace === XML_NAMESPACE || namespace === XMLNS_NAMESPACE;
    if (
      prefix === 'xmlns' ||
      (prefix === 'xml') !== (namespace === XML_NAMESPACE) ||
      (reserved && prefix !== 'xml')
    ) {
      throw codecError('xml-malformed', '', `The prefix ${echo(prefix)} cannot be declared so`);
    }
    if (prefix !== '' && (namespace === '' || prefix.includes(':'))) {
      throw codecError('xml-malformed', '', `The declaration of the prefix ${echo(prefix)} is not valid`);
    }
    this.#innermost = { outer: this.#innermost, depth: this.#depth, prefix, namespace };
  }
}

const prefixOf = (name: string, colon: number): string => {
  if (colon === 0 || colon === name.length - 1 || name.includes(':', colon + 1)) {
    throw codecError('xml-malformed', '', `${echo(name)} is not a qualified name`);
  }
  return name.slice(0, colon);
};
