import { hasForbiddenCharacter } from './xml/characters.ts';

/** Anything that is not written as it stands: markup, carriage return, what XML 1.0 §2.2 forbids, surrogates. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CARE = /[&<>\r\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]/;

const REPLACEMENTS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  // A bare carriage return would be read back as a line feed (XML 1.0 §2.11).
  '\r': '&#13;',
};

/**
 * Text as the content of an element.
 *
 * @returns undefined when it holds a character that XML cannot carry
 */
export const escapeText = (text: string): string | undefined => {
  if (!CARE.test(text)) return text;
  if (hasForbiddenCharacter(text)) return undefined;
  return text.replace(/[&<>\r]/g, (found) => REPLACEMENTS[found] ?? found);
};

/** Text as an attribute value between double quotes. Only for text of our own: namespaces and names. */
export const escapeAttribute = (text: string): string =>
  text.replace(/[&<>"]/g, (found) => (found === '"' ? '&quot;' : (REPLACEMENTS[found] ?? found)));
