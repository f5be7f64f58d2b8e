// @ts-check
import { XMLParser, XMLValidator } from 'fast-xml-parser';

/**
 * One element of a trusted document of our own.
 *
 * @typedef {object} Node
 * @property {string} file        name of the document, for messages
 * @property {string} prefix
 * @property {string} name        local name
 * @property {Record<string, string>} attributes  by qualified name
 * @property {Node[]} children
 * @property {string} text
 */

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
});

/**
 * Reads a WSDL or XSD into a small tree and returns its root.
 *
 * @param {string} file
 * @param {string} text
 * @returns {Node}
 */
export const parseDocument = (file, text) => {
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new Error(`${file}: ${valid.err.msg} (line ${valid.err.line})`);
  const [root] = convert(file, parser.parse(text)).filter((node) => node.name !== '?xml');
  if (root === undefined) throw new Error(`${file}: empty document`);
  return root;
};

/**
 * @param {string} file
 * @param {Record<string, any>[]} entries
 * @returns {Node[]}
 */
const convert = (file, entries) =>
  entries.flatMap((entry) => {
    const tag = Object.keys(entry).find((key) => key !== ':@');
    if (tag === undefined || tag === '#text') return [];
    const [local, prefix = ''] = tag.split(':').reverse();
    const content = entry[tag];
    const text = content
      .filter((/** @type {object} */ child) => '#text' in child)
      .map((/** @type {Record<string, string>} */ child) => child['#text'])
      .join('');
    const attributes = entry[':@'] ?? {};
    return [{ file, prefix, name: local ?? tag, attributes, children: convert(file, content), text }];
  });

/**
 * The single child of that name, or undefined.
 *
 * @param {Node} node
 * @param {string} name
 */
export const child = (node, name) => node.children.find((candidate) => candidate.name === name);

/**
 * The children of that name.
 *
 * @param {Node} node
 * @param {string} name
 */
export const children = (node, name) => node.children.filter((candidate) => candidate.name === name);

/**
 * An attribute that must be there.
 *
 * @param {Node} node
 * @param {string} name
 */
export const attribute = (node, name) => {
  const value = node.attributes[name];
  if (value === undefined) throw unsupported(node, `without @${name}`);
  return value;
};

/**
 * The error for a construct outside the supported subset.
 *
 * @param {Node} node
 * @param {string} what
 */
export const unsupported = (node, what) => {
  const named = node.attributes.name ?? node.attributes.ref ?? node.attributes.value;
  const label = `${node.prefix === '' ? '' : `${node.prefix}:`}${node.name}`;
  return new Error(`${node.file}: <${label}${named === undefined ? '' : ` "${named}"`}> ${what}`);
};

/**
 * Refuses attributes and children outside the given names: a construct we would silently lose is an error.
 *
 * @param {Node} node
 * @param {readonly string[]} attributes
 * @param {readonly string[]} names
 */
export const allowOnly = (node, attributes, names) => {
  for (const name of Object.keys(node.attributes)) {
    if (name !== 'xmlns' && !name.startsWith('xmlns:') && !attributes.includes(name)) {
      throw unsupported(node, `has @${name}, which is outside the supported subset`);
    }
  }
  for (const inner of node.children) {
    if (!names.includes(inner.name))
      throw unsupported(inner, `inside <${node.name}> is outside the supported subset`);
  }
};
