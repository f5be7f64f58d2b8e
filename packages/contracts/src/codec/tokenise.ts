import { documentText } from './xml/document-text.ts';
import type { XmlLimits, XmlSink } from './xml/events.ts';
import { Tokeniser } from './xml/tokeniser.ts';

export type { XmlAttribute, XmlLimits, XmlSink } from './xml/events.ts';

export const defaultXmlLimits: XmlLimits = { depth: 32, elements: 200_000, attributes: 32, text: 262_144 };

/**
 * Reads a UTF-8 document and hands its events to `sink`, without building a tree.
 *
 * The grammar is XML 1.0 (fifth edition) with "Namespaces in XML 1.0" (third edition), less what SOAP forbids or
 * contracts do not need: no document type declaration (§2.8 [28]) and hence no entities but the five of §4.6, no
 * processing instructions (§2.6) but the XML declaration. Comments are skipped, CDATA sections are text.
 *
 * @throws PosternError of `CodecCode`, or what the sink throws
 */
export const tokenise = (document: Uint8Array | string, sink: XmlSink, limits = defaultXmlLimits): void => {
  new Tokeniser(documentText(document), sink, limits).run();
};
