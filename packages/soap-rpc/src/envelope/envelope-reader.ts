import { codecError, echo, type XmlAttribute, type XmlSink } from '@postern/contracts';
import { PosternError } from '@postern/core';
import type { ServiceCode } from '../errors.ts';
import { ENVELOPE_NAMESPACES, type SoapVersion } from './soap-version.ts';

/** A header block that had to be understood. */
export interface HeaderName {
  readonly namespace: string;
  readonly name: string;
}

/** Refusal of header blocks; the fault names them. */
export class HeaderNotUnderstood extends PosternError<ServiceCode> {
  readonly headers: readonly HeaderName[];
  constructor(headers: readonly HeaderName[]) {
    const names = headers.map(({ namespace, name }) => echo(`{${namespace}}${name}`)).join(', ');
    super('header-not-understood', `Header blocks that must be understood are not: ${names}`);
    this.headers = headers;
  }
}

/** Roles that mean this node: none named, next, ultimate receiver (SOAP 1.1 §4.2.2, SOAP 1.2 part 1 §2.2). */
const OWN_ROLES: ReadonlySet<string> = new Set([
  '',
  'http://schemas.xmlsoap.org/soap/actor/next',
  'http://www.w3.org/2003/05/soap-envelope/role/next',
  'http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver',
]);

/** Where reading stands among the children of the envelope. */
type Part = 'start' | 'header' | 'body' | 'end';

/**
 * Reads a SOAP envelope and hands the one element of its body to the sink that `choose` gives. Header blocks are
 * skipped; those that must be understood are refused before the body is looked at.
 */
export class EnvelopeReader implements XmlSink {
  readonly #version: SoapVersion;
  readonly #namespace: string;
  readonly #choose: (namespace: string, name: string) => XmlSink;
  readonly #notUnderstood: HeaderName[] = [];
  #part: Part = 'start';
  #depth = 0;
  #payload: XmlSink | undefined;

  /**
   * @param version as the content type says
   * @param choose  may throw to refuse the payload
   */
  constructor(version: SoapVersion, choose: (namespace: string, name: string) => XmlSink) {
    this.#version = version;
    this.#namespace = ENVELOPE_NAMESPACES[version];
    this.#choose = choose;
  }

  open(namespace: string, name: string, attributes: readonly XmlAttribute[]): void {
    const depth = this.#depth++;
    if (depth > 2 || (depth === 2 && this.#part === 'body')) {
      this.#openPayload(namespace, name, attributes, depth);
      return;
    }
    if (depth === 2) this.#openHeaderBlock(namespace, name, attributes);
    else if (depth === 1) this.#openPart(namespace, name);
    else this.#openEnvelope(namespace, name);
    if (depth < 2) checkAttributes(attributes, name);
  }

  text(text: string): void {
    if (this.#depth > 2) {
      this.#payload?.text(text);
    } else if (/[^ \t\r\n]/.test(text)) {
      throw codecError('text-unexpected', '', 'Text between the elements of the envelope');
    }
  }

  close(): void {
    const depth = --this.#depth;
    if (depth >= 2) {
      this.#payload?.close();
      return;
    }
    if (depth === 1 && this.#part === 'body') {
      if (this.#payload === undefined) throw invalid('The body is empty');
      this.#part = 'end';
    }
    if (depth === 0 && this.#part !== 'end') throw invalid('The envelope has no body');
  }

  #openEnvelope(namespace: string, name: string): void {
    if (name !== 'Envelope') throw invalid(`The root element is <${name.slice(0, 64)}>, not <Envelope>`);
    if (namespace !== this.#namespace) {
      throw new PosternError<ServiceCode>(
        'version-mismatch',
        `The envelope's namespace is ${echo(namespace)}; the content type is that of SOAP ${this.#version}`,
      );
    }
  }

  #openPart(namespace: string, name: string): void {
    if (namespace !== this.#namespace) {
      throw invalid(`<${name.slice(0, 64)}> in the envelope is not of the envelope's namespace`);
    }
    if (name === 'Header' && this.#part === 'start') {
      this.#part = 'header';
    } else if (name === 'Body' && this.#part !== 'end') {
      if (this.#notUnderstood.length > 0) throw new HeaderNotUnderstood(this.#notUnderstood);
      this.#part = 'body';
    } else {
      throw invalid(`<${name.slice(0, 64)}> in the envelope is repeated or out of order`);
    }
  }

  #openHeaderBlock(namespace: string, name: string, attributes: readonly XmlAttribute[]): void {
    if (namespace === '') throw invalid(`The header block <${name.slice(0, 64)}> is in no namespace`);
    let must = false;
    let role = '';
    for (const attribute of attributes) {
      if (attribute.namespace !== this.#namespace) continue;
      if (attribute.name === 'mustUnderstand') must = this.#isTrue(attribute.value);
      if (attribute.name === 'actor' || attribute.name === 'role') role = attribute.value;
    }
    if (must && OWN_ROLES.has(role)) this.#notUnderstood.push({ namespace, name });
  }

  /** SOAP 1.1 §4.2.3 knows only 0 and 1, SOAP 1.2 every boolean. */
  #isTrue(value: string): boolean {
    const text = value.trim();
    if (text === '1' || (text === 'true' && this.#version === '1.2')) return true;
    if (text === '0' || (text === 'false' && this.#version === '1.2')) return false;
    throw invalid('mustUnderstand has no valid value');
  }

  #openPayload(namespace: string, name: string, attributes: readonly XmlAttribute[], depth: number): void {
    if (this.#part === 'header') return;
    if (depth === 2) {
      if (this.#payload !== undefined) throw invalid('The body has more than one element');
      this.#payload = this.#choose(namespace, name);
    }
    this.#payload?.open(namespace, name, attributes);
  }
}

/** Qualified attributes are extensions that may be ignored; others do not exist. */
const checkAttributes = (attributes: readonly XmlAttribute[], element: string): void => {
  const stray = attributes.find((attribute) => attribute.namespace === '');
  if (stray !== undefined) {
    throw codecError('attribute-unexpected', element, `the attribute ${echo(stray.name)}`);
  }
};

const invalid = (reason: string): PosternError<ServiceCode> => new PosternError('envelope-invalid', reason);
