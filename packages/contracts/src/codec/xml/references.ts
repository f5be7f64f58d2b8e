import { codecError, echo } from '../errors.ts';
import { hasForbiddenCharacter } from './characters.ts';

/** A reference to a character or to one of the five entities (XML 1.0 §4.1 [66] [68], §4.6), or what is none. */
const REFERENCE = /&(?:(amp|lt|gt|quot|apos);|#([0-9]+);|#x([0-9A-Fa-f]+);|([^;]{0,60};?))/g;

const ENTITIES = new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
]);

const LAST_CODE_POINT = 0x10ffff;

/**
 * Replaces the references of character data or of an attribute value.
 *
 * @throws PosternError `entity-forbidden`, also for a character that XML forbids and for a bare ampersand
 */
export const resolveReferences = (text: string): string =>
  text.includes('&') ? text.replace(REFERENCE, resolve) : text;

const resolve = (found: string, entity?: string, decimal?: string, hexadecimal?: string): string => {
  if (entity !== undefined) return ENTITIES.get(entity) ?? refuse(found);
  if (decimal !== undefined) return character(Number.parseInt(decimal, 10)) ?? refuse(found);
  if (hexadecimal !== undefined) return character(Number.parseInt(hexadecimal, 16)) ?? refuse(found);
  return refuse(found);
};

const character = (codePoint: number): string | undefined => {
  if (codePoint > LAST_CODE_POINT) return undefined;
  const text = String.fromCodePoint(codePoint);
  return hasForbiddenCharacter(text) ? undefined : text;
};

const refuse = (found: string): never => {
  throw codecError('entity-forbidden', '', `Not one of XML's own entities: ${echo(found)}`);
};
