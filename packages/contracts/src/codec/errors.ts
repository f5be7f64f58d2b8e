import { PosternError } from '@postern/core';

/** What every code of the codec means, for people. */
export const codecCatalogue = {
  'xml-malformed': 'The document is not well-formed XML 1.0 with namespaces.',
  'encoding-unsupported': 'The document is not valid UTF-8, or declares another encoding or XML version.',
  'doctype-forbidden': 'The document has a document type declaration; contracts need none.',
  'entity-forbidden': 'The document refers to an entity other than the five of XML.',
  'processing-instruction-forbidden': 'The document has a processing instruction.',
  'element-unexpected': 'An element stands where the contract has none of that name.',
  'element-missing': 'An element that the contract requires is absent.',
  'element-repeated': 'An element occurs more often than the contract allows.',
  'element-namespace-wrong': 'An element has the right name in another namespace.',
  'attribute-unexpected': 'An element has an attribute; contracts use none.',
  'text-unexpected': 'Text stands between elements.',
  'value-invalid': 'A value does not have the form, range or length of its type.',
  'too-deep': 'Elements are nested too deeply.',
  'too-many-elements': 'The document has too many elements.',
  'too-many-attributes': 'An element has too many attributes.',
  'text-too-long': 'The text of one element is too long.',
} as const;

/** Codes of errors thrown by reading and writing. */
export type CodecCode = keyof typeof codecCatalogue;

/**
 * @param path where, e.g. `Poll/responses/response[3]/at`; empty for the document itself
 */
export const codecError = (code: CodecCode, path: string, reason: string): PosternError<CodecCode> =>
  new PosternError(code, path === '' ? reason : `${path}: ${reason}`);

const ECHO_LIMIT = 60;

/** Foreign text for a message: quoted, control characters escaped, cut to 60 characters. */
export const echo = (text: string): string =>
  JSON.stringify(text.length > ECHO_LIMIT ? `${text.slice(0, ECHO_LIMIT)}…` : text);
