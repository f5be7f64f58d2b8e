// @ts-check
import { documentation } from './read-schema.js';
import { SECRET_TYPES } from './schema-model.js';
import { allowOnly, attribute, child, children, unsupported } from './xml-tree.js';

/** @import { Node } from './xml-tree.js' */
/** @import { SimpleType } from './schema-model.js' */

const FACETS = ['pattern', 'enumeration', 'length', 'minLength', 'maxLength', 'minInclusive', 'maxInclusive'];

/** What XML Schema regular expressions have and JavaScript's lack or read differently. */
const FOREIGN_PATTERN = /\\[icICpP]|-\[|[\^$]|\(\?/;

/**
 * Reads a restriction of a built-in simple type or of one that stands further up; facets accumulate.
 *
 * @param {Node} node
 * @param {string} key
 * @param {(qualified: string) => SimpleType | undefined} find
 * @returns {SimpleType}
 */
export const readSimpleType = (node, key, find) => {
  allowOnly(node, ['name'], ['annotation', 'restriction']);
  const restriction = child(node, 'restriction');
  if (restriction === undefined) throw unsupported(node, 'is no restriction');
  allowOnly(restriction, ['base'], FACETS);
  const baseName = attribute(restriction, 'base');
  const base = find(baseName);
  if (base === undefined)
    throw unsupported(node, `restricts ${baseName}, which is no simple type known at this point`);
  /** @type {SimpleType} */
  const type = {
    ...base,
    key,
    patterns: [...base.patterns],
    documentation: documentation(node),
    secret: base.secret || SECRET_TYPES.includes(attribute(node, 'name')),
  };
  if (children(restriction, 'pattern').length > 1)
    throw unsupported(node, 'has two patterns in one restriction');
  const enumeration = children(restriction, 'enumeration').map((facet) => attribute(facet, 'value'));
  if (enumeration.length > 0) type.enumeration = enumeration;
  for (const facet of restriction.children) if (facet.name !== 'enumeration') applyFacet(type, facet);
  return type;
};

/**
 * @param {SimpleType} type
 * @param {Node} facet
 */
const applyFacet = (type, facet) => {
  allowOnly(facet, ['value'], []);
  const value = attribute(facet, 'value');
  if (facet.name === 'pattern') {
    if (type.primitive !== 'string') throw unsupported(facet, `does not apply to ${type.primitive}`);
    if (FOREIGN_PATTERN.test(value)) throw unsupported(facet, 'uses what JavaScript reads differently');
    type.patterns.push(value);
    return;
  }
  const limit = Number(value);
  if (!Number.isSafeInteger(limit)) throw unsupported(facet, 'is no integer');
  const onLength = facet.name === 'length' || facet.name === 'minLength' || facet.name === 'maxLength';
  if (onLength !== (type.primitive === 'string' || type.primitive === 'base64Binary')) {
    throw unsupported(facet, `does not apply to ${type.primitive}`);
  }
  if (facet.name === 'length' || facet.name === 'minLength') type.minLength = limit;
  if (facet.name === 'length' || facet.name === 'maxLength') type.maxLength = limit;
  if (facet.name === 'minInclusive') type.minimum = limit;
  if (facet.name === 'maxInclusive') type.maximum = limit;
};
