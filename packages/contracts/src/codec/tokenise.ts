import { isUtf8 } from 'node:buffer';
import type { PosternError } from '@postern/core';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { type CodecCode, codecError, echo } from './errors.ts';
import { NamespaceScopes } from './namespaces.ts';

/** An attribute that is no namespace declaration. */
export interface XmlAttribute {
  /** Empty without a prefix. */
  readonly namespace: string;
  readonly name: string;
  readonly value: string;
}

/** Takes a document's events in order. Throwing ends the reading. */
export interface XmlSink {
  open(namespace: string, name: string, attributes: readonly XmlAttribute[]): void;
  /** Character data; adjacent pieces may come apart. */
  text(text: string): void;
  close(): void;
}

/** How much a document may hold. The length of the whole is limited by whoever received it. */
export interface XmlLimits {
  readonly depth: number;
  readonly elements: number;
  /** For each element. */
  readonly attributes: number;
  /** For each element, in UTF-16 units. */
  readonly text: number;
}

export const defaultXmlLimits: XmlLimits = { depth: 32, elements: 200_000, attributes: 32, text: 262_144 };

/**
 * Reads a UTF-8 document and hands its events to `sink`, without building a tree.
 * DOCTYPE, entities and processing instructions are refused; comments are skipped.
 *
 * @throws PosternError of {@link CodecCode}, or what the sink throws
 */
export const tokenise = (document: Uint8Array | string, sink: XmlSink, limits = defaultXmlLimits): void => {
  const text = typeof document === 'string' ? document : decodeUtf8(document);
  const scopes = new NamespaceScopes();
  let depth = 0;
  let elements = 0;
  let attributes = 0;
  let length = 0;

  const parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false });
  parser.ENTITIES = XML_ENTITIES;
  parser.on('error', (error) => {
    throw malformed(error);
  });
  parser.on('xmldecl', ({ version, encoding }) => {
    if (version !== '1.0') throw codecError('encoding-unsupported', '', `XML version ${echo(version ?? '')}`);
    if (encoding !== undefined && !/^(utf-8|us-ascii)$/i.test(encoding)) {
      throw codecError('encoding-unsupported', '', `The document declares the encoding ${echo(encoding)}`);
    }
  });
  parser.on('doctype', () => {
    throw codecError('doctype-forbidden', '', 'A document type declaration is not allowed');
  });
  parser.on('processinginstruction', ({ target }) => {
    const reason = `The processing instruction ${echo(target)} is not allowed`;
    throw codecError('processing-instruction-forbidden', '', reason);
  });
  parser.on('attribute', () => {
    if (++attributes > limits.attributes) {
      throw codecError('too-many-attributes', '', `An element has more than ${limits.attributes} attributes`);
    }
  });
  parser.on('opentag', (tag: SaxesTagPlain) => {
    if (++depth > limits.depth) throw codecError('too-deep', '', `More than ${limits.depth} levels`);
    if (++elements > limits.elements) {
      throw codecError('too-many-elements', '', `More than ${limits.elements} elements`);
    }
    length = 0;
    if (attributes === 0) {
      scopes.enter();
      sink.open(scopes.elementNamespace(tag.name), localName(tag.name), NO_ATTRIBUTES);
      return;
    }
    attributes = 0;
    const rest = scopes.enter(tag.attributes);
    sink.open(scopes.elementNamespace(tag.name), localName(tag.name), rest);
  });
  const onText = (piece: string): void => {
    // White space around the root element is not part of it.
    if (depth === 0) return;
    length += piece.length;
    if (length > limits.text) {
      throw codecError(
        'text-too-long',
        '',
        `The text of an element is longer than ${limits.text} characters`,
      );
    }
    sink.text(piece);
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', () => {
    depth--;
    length = 0;
    scopes.leave();
    sink.close();
  });
  parser.write(text).close();
};

const NO_ATTRIBUTES: readonly XmlAttribute[] = [];

/** The five of XML 1.0 §4.6, without a prototype: `&constructor;` must not find anything. */
const XML_ENTITIES: Record<string, string> = Object.assign(Object.create(null), {
  amp: '&',
  gt: '>',
  lt: '<',
  quot: '"',
  apos: "'",
});

const BYTE_ORDER_MARK = '\ufeff';

/** @throws PosternError `encoding-unsupported` */
const decodeUtf8 = (bytes: Uint8Array): string => {
  if (!isUtf8(bytes)) throw codecError('encoding-unsupported', '', 'The document is not valid UTF-8');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  return text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text;
};

const localName = (name: string): string => {
  const colon = name.indexOf(':');
  return colon === -1 ? name : name.slice(colon + 1);
};

const malformed = (error: Error): PosternError<CodecCode> => {
  const reason = error.message.slice(0, 120);
  return /entity/.test(reason)
    ? codecError('entity-forbidden', '', `Not one of XML's own entities: ${reason}`)
    : codecError('xml-malformed', '', reason);
};
