import { codecError, echo } from '../errors.ts';
import { isBlank, spaceEnd } from './characters.ts';
import type { XmlAttribute, XmlLimits, XmlSink } from './events.ts';
import { malformed } from './malformed.ts';
import { nameEnd } from './names.ts';
import { localPart, NamespaceScopes } from './namespaces.ts';
import { resolveReferences } from './references.ts';
import { readStartTagRest } from './start-tag.ts';
import { xmlDeclarationEnd } from './xml-declaration.ts';

const BANG = 0x21;
const GREATER = 0x3e;
const QUESTION = 0x3f;
const SLASH = 0x2f;

const NO_ATTRIBUTES: readonly XmlAttribute[] = [];

/** Goes through one document from markup to markup. */
export class Tokeniser {
  readonly #source: string;
  readonly #sink: XmlSink;
  readonly #limits: XmlLimits;
  readonly #scopes = new NamespaceScopes();
  /** Qualified names of the open elements, outermost first. */
  readonly #open: string[] = [];
  #at = 0;
  #elements = 0;
  /** Of the text since the last tag. */
  #length = 0;

  /** @param source as `documentText` gives it */
  constructor(source: string, sink: XmlSink, limits: XmlLimits) {
    this.#source = source;
    this.#sink = sink;
    this.#limits = limits;
  }

  /** XML 1.0 §2.1 [1], §2.8 [22] without a document type declaration. */
  run(): void {
    const source = this.#source;
    this.#at = xmlDeclarationEnd(source);
    for (;;) {
      const markup = source.indexOf('<', this.#at);
      const textEnd = markup === -1 ? source.length : markup;
      if (textEnd > this.#at) this.#characterData(source.slice(this.#at, textEnd));
      if (markup === -1) break;
      this.#at = markup + 1;
      this.#markup();
    }
    if (this.#elements === 0) throw malformed('The document has no element');
    if (this.#open.length > 0) throw malformed(`The element ${echo(this.#open.at(-1) ?? '')} is not closed`);
  }

  #markup(): void {
    const code = this.#source.charCodeAt(this.#at);
    if (code === SLASH) this.#endTag();
    else if (code === BANG) this.#declaration();
    else if (code === QUESTION) this.#processingInstruction();
    else this.#startTag();
  }

  #startTag(): void {
    const source = this.#source;
    const end = nameEnd(source, this.#at);
    if (end === this.#at) throw malformed('A "<" begins no tag');
    const name = source.slice(this.#at, end);
    if (this.#open.length === 0 && this.#elements > 0) throw malformed('There is more than one root element');
    if (source.charCodeAt(end) === GREATER) {
      this.#at = end + 1;
      this.#scopes.enter();
      this.#openElement(name, NO_ATTRIBUTES);
      return;
    }
    const rest = readStartTagRest(source, end, this.#limits.attributes);
    this.#at = rest.end;
    this.#openElement(name, this.#scopes.enterWith(rest.attributes));
    if (rest.empty) this.#closeElement();
  }

  #openElement(name: string, attributes: readonly XmlAttribute[]): void {
    if (this.#open.push(name) > this.#limits.depth) {
      throw codecError('too-deep', '', `More than ${this.#limits.depth} levels`);
    }
    if (++this.#elements > this.#limits.elements) {
      throw codecError('too-many-elements', '', `More than ${this.#limits.elements} elements`);
    }
    this.#length = 0;
    const colon = name.indexOf(':');
    const namespace = this.#scopes.resolve(colon === -1 ? '' : name.slice(0, colon), name);
    this.#sink.open(namespace, colon === -1 ? name : localPart(name, colon), attributes);
  }

  /** §3.1 [42]; the name must be the start tag's. */
  #endTag(): void {
    const source = this.#source;
    const name = this.#open.at(-1);
    if (name === undefined || !source.startsWith(name, this.#at + 1)) {
      throw malformed(name === undefined ? 'An end tag closes nothing' : `Expected </${name.slice(0, 64)}>`);
    }
    const end = spaceEnd(source, this.#at + 1 + name.length);
    if (source.charCodeAt(end) !== GREATER) throw malformed(`Expected </${name.slice(0, 64)}>`);
    this.#at = end + 1;
    this.#closeElement();
  }

  #closeElement(): void {
    this.#open.pop();
    this.#length = 0;
    this.#scopes.leave();
    this.#sink.close();
  }

  /** §2.4 [14]. */
  #characterData(raw: string): void {
    if (this.#open.length === 0) {
      if (isBlank(raw)) return;
      throw malformed('There is text outside the root element');
    }
    if (raw.includes(']]>')) throw malformed('Text holds "]]>"');
    this.#text(resolveReferences(raw));
  }

  #text(text: string): void {
    this.#length += text.length;
    if (this.#length > this.#limits.text) {
      const reason = `The text of an element is longer than ${this.#limits.text} characters`;
      throw codecError('text-too-long', '', reason);
    }
    this.#sink.text(text);
  }

  /** A comment (§2.5 [15]), a CDATA section (§2.7 [18]) or a document type declaration (§2.8 [28]). */
  #declaration(): void {
    const source = this.#source;
    const start = this.#at + 1;
    if (source.startsWith('--', start)) {
      const end = source.indexOf('--', start + 2);
      if (end === -1 || source.charCodeAt(end + 2) !== GREATER) throw malformed('A comment is not valid');
      this.#at = end + 3;
    } else if (source.startsWith('[CDATA[', start)) {
      const end = source.indexOf(']]>', start + 7);
      if (end === -1 || this.#open.length === 0) throw malformed('A CDATA section is not valid');
      this.#at = end + 3;
      this.#text(source.slice(start + 7, end));
    } else if (source.startsWith('DOCTYPE', start)) {
      throw codecError('doctype-forbidden', '', 'A document type declaration is not allowed');
    } else {
      throw malformed('A "<!" begins neither comment nor CDATA section');
    }
  }

  /** §2.6 [16] [17]; the XML declaration was read before. */
  #processingInstruction(): never {
    const start = this.#at + 1;
    const target = this.#source.slice(start, nameEnd(this.#source, start));
    if (target === '' || target.toLowerCase() === 'xml') {
      throw malformed('A "<?" begins neither XML declaration nor processing instruction');
    }
    const reason = `The processing instruction ${echo(target)} is not allowed`;
    throw codecError('processing-instruction-forbidden', '', reason);
  }
}
