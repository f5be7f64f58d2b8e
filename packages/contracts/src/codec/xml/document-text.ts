import { isAscii, isUtf8 } from 'node:buffer';
import { codecError } from '../errors.ts';
import { hasForbiddenCharacter } from './characters.ts';
import { malformed } from './malformed.ts';

/** What does not go through as it stands: carriage returns, and whatever may be a forbidden character. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CARE = /[\0-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]/;

const BYTE_ORDER_MARK = 0xfeff;

/**
 * A document as text in which every character is one of XML's (XML 1.0 §2.2), without byte order mark, and every
 * line ends with one line feed (§2.11).
 *
 * @throws PosternError `encoding-unsupported`, `xml-malformed`
 */
export const documentText = (document: Uint8Array | string): string => {
  const decoded = typeof document === 'string' ? document : decodeUtf8(document);
  const text = decoded.charCodeAt(0) === BYTE_ORDER_MARK ? decoded.slice(1) : decoded;
  if (!CARE.test(text)) return text;
  if (hasForbiddenCharacter(text)) throw malformed('The document holds a character that XML forbids');
  return text.replace(/\r\n?/g, '\n');
};

const decodeUtf8 = (bytes: Uint8Array): string => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  // Most messages are ASCII, and text of one byte a character is the fastest to read.
  if (isAscii(bytes)) return buffer.toString('latin1');
  if (!isUtf8(bytes)) throw codecError('encoding-unsupported', '', 'The document is not valid UTF-8');
  return buffer.toString('utf8');
};
