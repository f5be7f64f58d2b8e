// @ts-check
/**
 * What the generator knows about the schemas. Keys are `module.Name`; a module is a file name without `.xsd`
 * (and `xs` for the built-in types).
 *
 * @typedef {object} SimpleType
 * @property {'simple'} kind
 * @property {string} key
 * @property {string} documentation
 * @property {'string' | 'integer' | 'boolean' | 'dateTime' | 'base64Binary'} primitive
 * @property {string[]} patterns      all must match
 * @property {string[] | undefined} enumeration
 * @property {number | undefined} minLength   code points, or bytes of base64Binary
 * @property {number | undefined} maxLength
 * @property {number | undefined} minimum
 * @property {number | undefined} maximum
 * @property {boolean} secret         values never appear in messages
 *
 * @typedef {object} ElementMember
 * @property {'element'} kind
 * @property {string} namespace
 * @property {string} name
 * @property {string} type
 * @property {number} min
 * @property {number} max
 *
 * @typedef {object} ChoiceMember
 * @property {'choice'} kind
 * @property {ElementMember[]} options
 *
 * @typedef {object} ComplexType
 * @property {'complex'} kind
 * @property {string} key
 * @property {string} documentation
 * @property {(ElementMember | ChoiceMember)[]} members
 *
 * @typedef {object} GlobalElement
 * @property {string} key
 * @property {string} namespace
 * @property {string} name
 * @property {string} type
 * @property {string} documentation
 *
 * @typedef {object} Model
 * @property {Map<string, string>} modules            module → namespace, in order of reading
 * @property {Map<string, SimpleType | ComplexType>} types
 * @property {Map<string, GlobalElement>} elements
 */

/** Simple types whose values are secrets, by name. */
export const SECRET_TYPES = ['OneTimePassword', 'SymmetricKey'];

/** The property that holds a choice. */
export const CHOICE_PROPERTY = 'body';

/** @type {Record<string, [minimum: number, maximum: number]>} */
const INTEGERS = {
  unsignedByte: [0, 2 ** 8 - 1],
  unsignedShort: [0, 2 ** 16 - 1],
  unsignedInt: [0, 2 ** 32 - 1],
  int: [-(2 ** 31), 2 ** 31 - 1],
  unsignedLong: [0, Number.MAX_SAFE_INTEGER],
};

/**
 * A built-in type of XML Schema, or undefined when it is outside the subset.
 *
 * @param {string} name
 * @returns {SimpleType | undefined}
 */
export const builtIn = (name) => {
  const range = INTEGERS[name];
  if (range !== undefined) {
    return { ...plain(`xs.${name}`, 'integer'), minimum: range[0], maximum: range[1] };
  }
  if (name === 'string' || name === 'boolean' || name === 'dateTime' || name === 'base64Binary') {
    return plain(`xs.${name}`, name);
  }
  return undefined;
};

/**
 * @param {string} key
 * @param {SimpleType['primitive']} primitive
 * @returns {SimpleType}
 */
const plain = (key, primitive) => ({
  kind: 'simple',
  key,
  documentation: '',
  primitive,
  patterns: [],
  enumeration: undefined,
  minLength: undefined,
  maxLength: undefined,
  minimum: undefined,
  maximum: undefined,
  secret: false,
});
