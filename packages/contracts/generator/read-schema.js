// @ts-check

import { readSimpleType } from './read-simple-type.js';
import { builtIn, CHOICE_PROPERTY } from './schema-model.js';
import { allowOnly, attribute, child, children, parseDocument, unsupported } from './xml-tree.js';

/** @import { Node } from './xml-tree.js' */
/** @import { Model, ComplexType, ElementMember, ChoiceMember } from './schema-model.js' */

export const XSD = 'http://www.w3.org/2001/XMLSchema';

/**
 * Reads a schema and what it imports into the model. Reading one twice does nothing.
 *
 * @param {Model} model
 * @param {string} file   e.g. `device.xsd`
 * @param {(file: string) => string} load
 */
export const readSchema = (model, file, load) => {
  const module = file.replace(/\.xsd$/, '');
  if (model.modules.has(module)) return;
  const root = parseDocument(file, load(file));
  if (root.name !== 'schema') throw unsupported(root, 'is no schema');
  allowOnly(
    root,
    ['targetNamespace', 'elementFormDefault'],
    ['import', 'simpleType', 'complexType', 'element'],
  );
  if (root.attributes.elementFormDefault !== 'qualified') {
    throw unsupported(root, 'must have elementFormDefault="qualified"');
  }
  model.modules.set(module, attribute(root, 'targetNamespace'));
  for (const node of children(root, 'import')) {
    allowOnly(node, ['namespace', 'schemaLocation'], []);
    readSchema(model, attribute(node, 'schemaLocation'), load);
  }
  const reader = { model, module, namespace: attribute(root, 'targetNamespace'), prefixes: prefixesOf(root) };
  for (const node of root.children) readTopLevel(reader, node);
};

/**
 * @typedef {object} Reader
 * @property {Model} model
 * @property {string} module
 * @property {string} namespace
 * @property {Map<string, string>} prefixes
 */

/**
 * The namespace prefixes a root element declares.
 *
 * @param {Node} root
 */
export const prefixesOf = (root) =>
  new Map(
    Object.entries(root.attributes).flatMap(([name, value]) =>
      name.startsWith('xmlns:') ? [[name.slice('xmlns:'.length), value]] : [],
    ),
  );

/**
 * @param {Reader} reader
 * @param {Node} node
 */
const readTopLevel = (reader, node) => {
  if (node.name === 'import') return;
  const name = attribute(node, 'name');
  const key = `${reader.module}.${name}`;
  if (node.name === 'element') {
    const type = elementType(reader, node, name);
    reader.model.elements.set(key, {
      key,
      namespace: reader.namespace,
      name,
      type,
      documentation: documentation(node),
    });
    return;
  }
  if (reader.model.types.has(key)) throw unsupported(node, 'is defined twice');
  if (node.name === 'simpleType') {
    reader.model.types.set(
      key,
      readSimpleType(node, key, (base) => simpleType(reader, node, base)),
    );
  } else {
    allowOnly(node, ['name'], ['annotation', 'sequence']);
    readComplexType(reader, node, key, documentation(node));
  }
};

/**
 * The key of an element's type; an anonymous complex type is entered under `name`.
 *
 * @param {Reader} reader
 * @param {Node} node
 * @param {string} name
 * @returns {string}
 */
const elementType = (reader, node, name) => {
  allowOnly(node, ['name', 'type', 'minOccurs', 'maxOccurs'], ['annotation', 'complexType']);
  const anonymous = child(node, 'complexType');
  if ((anonymous === undefined) === (node.attributes.type === undefined)) {
    throw unsupported(node, 'needs either @type or a complexType');
  }
  if (anonymous === undefined) return typeKey(reader, node, attribute(node, 'type'));
  allowOnly(anonymous, [], ['annotation', 'sequence']);
  return readComplexType(reader, anonymous, `${reader.module}.${name}`, documentation(node));
};

/**
 * @param {Reader} reader
 * @param {Node} node
 * @param {string} key
 * @param {string} text
 */
const readComplexType = (reader, node, key, text) => {
  const sequence = child(node, 'sequence');
  if (sequence === undefined) throw unsupported(node, 'without a sequence');
  allowOnly(sequence, [], ['element', 'choice', 'annotation']);
  /** @type {ComplexType} */
  const type = { kind: 'complex', key, documentation: text, members: [] };
  reader.model.types.set(key, type);
  for (const inner of sequence.children) {
    if (inner.name === 'element') type.members.push(readMember(reader, inner, key));
    if (inner.name === 'choice') type.members.push(readChoice(reader, inner));
  }
  const names = type.members.map((member) => (member.kind === 'choice' ? CHOICE_PROPERTY : member.name));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw unsupported(node, `of ${key} has two members that map to the property "${twice}"`);
  return key;
};

/**
 * @param {Reader} reader
 * @param {Node} node
 * @param {string} owner   key of the type the member stands in
 * @returns {ElementMember}
 */
const readMember = (reader, node, owner) => {
  const min = Number(node.attributes.minOccurs ?? 1);
  const max = Number(node.attributes.maxOccurs ?? 1);
  if (!Number.isInteger(min) || !Number.isInteger(max) || max < 1 || min > max) {
    throw unsupported(node, 'must have finite occurrence limits: every list of a contract is bounded');
  }
  if (node.attributes.ref !== undefined) return { ...reference(reader, node), min, max };
  const name = attribute(node, 'name');
  const [, ownerName = ''] = owner.split('.');
  const anonymousName = `${ownerName}${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const type = elementType(reader, node, anonymousName);
  return { kind: 'element', namespace: reader.namespace, name, type, min, max };
};

/**
 * @param {Reader} reader
 * @param {Node} node
 * @returns {ElementMember}
 */
const reference = (reader, node) => {
  allowOnly(node, ['ref', 'minOccurs', 'maxOccurs'], []);
  const key = resolve(reader, node, attribute(node, 'ref'));
  const [module = '', name = ''] = key.split('.');
  const namespace = reader.model.modules.get(module) ?? '';
  // The element may be declared further down: its type is settled when everything has been read.
  return { kind: 'element', namespace, name, type: `element:${key}`, min: 1, max: 1 };
};

/**
 * @param {Reader} reader
 * @param {Node} node
 * @returns {ChoiceMember}
 */
const readChoice = (reader, node) => {
  allowOnly(node, [], ['element']);
  const options = node.children.map((inner) => {
    if (inner.attributes.minOccurs !== undefined || inner.attributes.maxOccurs !== undefined) {
      throw unsupported(inner, 'inside <choice> must occur exactly once');
    }
    return reference(reader, inner);
  });
  const names = options.map((option) => option.name);
  if (new Set(names).size !== names.length)
    throw unsupported(node, 'offers two elements of the same local name');
  return { kind: 'choice', options };
};

/**
 * @param {Reader} reader
 * @param {Node} node
 * @param {string} qualified
 */
const typeKey = (reader, node, qualified) => {
  const key = resolve(reader, node, qualified);
  if (key.startsWith('xs.') && !reader.model.types.has(key)) {
    const type = builtIn(key.slice('xs.'.length));
    if (type === undefined)
      throw unsupported(node, `has type ${qualified}, which is outside the supported subset`);
    reader.model.types.set(key, type);
  }
  return key;
};

/**
 * @param {Reader} reader
 * @param {Node} node
 * @param {string} qualified
 */
const simpleType = (reader, node, qualified) => {
  const type = reader.model.types.get(typeKey(reader, node, qualified));
  return type?.kind === 'simple' ? type : undefined;
};

/**
 * Turns `prefix:Name` into `module.Name`; what it names may stand further down.
 *
 * @param {Reader} reader
 * @param {Node} node
 * @param {string} qualified
 */
const resolve = (reader, node, qualified) => {
  const [prefix = '', name = ''] = qualified.split(':');
  const namespace = reader.prefixes.get(prefix);
  if (namespace === XSD) return `xs.${name}`;
  for (const [module, candidate] of reader.model.modules)
    if (candidate === namespace) return `${module}.${name}`;
  throw unsupported(node, `refers to ${qualified}, whose namespace is not imported`);
};

/**
 * Settles references to elements and simple types, and refuses those that lead nowhere.
 *
 * @param {Model} model
 */
export const settle = (model) => {
  for (const type of model.types.values()) {
    if (type.kind !== 'complex') continue;
    for (const member of type.members.flatMap((entry) =>
      entry.kind === 'choice' ? entry.options : [entry],
    )) {
      if (member.type.startsWith('element:')) {
        const element = model.elements.get(member.type.slice('element:'.length));
        if (element === undefined) throw new Error(`${type.key}: no element ${member.type}`);
        member.type = element.type;
      }
      if (!model.types.has(member.type)) throw new Error(`${type.key}: no type ${member.type}`);
    }
  }
  for (const element of model.elements.values()) {
    const type = model.types.get(element.type);
    if (type === undefined) throw new Error(`${element.key}: no type ${element.type}`);
    if (model.types.has(element.key) && element.type !== element.key) {
      throw new Error(`${element.key}: an element and another type share a name`);
    }
  }
};

/**
 * @param {Node} node
 */
export const documentation = (node) => {
  const annotation = child(node, 'annotation');
  const text = annotation === undefined ? undefined : child(annotation, 'documentation');
  return text?.text ?? '';
};
