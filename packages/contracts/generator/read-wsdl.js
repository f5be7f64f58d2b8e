// @ts-check
import { prefixesOf } from './read-schema.js';
import { attribute, child, children, parseDocument, unsupported } from './xml-tree.js';

/** @import { Node } from './xml-tree.js' */
/** @import { Model } from './schema-model.js' */

/**
 * @typedef {object} Operation
 * @property {string} name
 * @property {string} soapAction
 * @property {string} request    key of the request element
 * @property {string} response   key of the response element
 *
 * @typedef {object} ContractModel
 * @property {string} file
 * @property {string} name
 * @property {string} namespace
 * @property {string} documentation
 * @property {string[]} schemas  imported schema files
 * @property {Operation[]} operations
 */

/**
 * Reads a WSDL 1.1 document/literal wrapped contract whose SOAP 1.1 and 1.2 bindings offer the same operations.
 *
 * @param {string} file
 * @param {string} text
 * @param {(model: { schemas: string[] }) => Model} readSchemas  reads the imported schemas before messages are resolved
 * @returns {ContractModel}
 */
export const readWsdl = (file, text, readSchemas) => {
  const root = parseDocument(file, text);
  const types = child(root, 'types');
  const schema = types === undefined ? undefined : child(types, 'schema');
  if (schema === undefined) throw unsupported(root, 'without a schema that imports its types');
  const schemas = children(schema, 'import').map((node) => attribute(node, 'schemaLocation'));
  const model = readSchemas({ schemas });
  const messages = readMessages(root, model);
  const actions = readBindings(root);
  const portType = child(root, 'portType');
  if (portType === undefined) throw unsupported(root, 'without a portType');
  const operations = children(portType, 'operation').map((node) => {
    const name = attribute(node, 'name');
    const soapAction = actions.get(name);
    if (soapAction === undefined) throw unsupported(node, 'is in no binding');
    const request = messageOf(node, 'input', messages);
    if (!request.endsWith(`.${name}`))
      throw unsupported(node, 'is not wrapped: its request element has another name');
    return { name, soapAction, request, response: messageOf(node, 'output', messages) };
  });
  return {
    file,
    name: attribute(root, 'name'),
    namespace: attribute(root, 'targetNamespace'),
    documentation: child(root, 'documentation')?.text ?? '',
    schemas,
    operations,
  };
};

/**
 * Message name → element key.
 *
 * @param {Node} root
 * @param {Model} model
 * @returns {Map<string, string>}
 */
const readMessages = (root, model) => {
  const prefixes = prefixesOf(root);
  return new Map(
    children(root, 'message').map((node) => {
      const [part, second] = children(node, 'part');
      if (part === undefined || second !== undefined) throw unsupported(node, 'must have exactly one part');
      const [prefix = '', name] = attribute(part, 'element').split(':');
      const namespace = prefixes.get(prefix);
      const [module] = [...model.modules].find(([, candidate]) => candidate === namespace) ?? [];
      const key = `${module}.${name}`;
      if (!model.elements.has(key))
        throw unsupported(part, `refers to ${prefix}:${name}, which no schema declares`);
      return [attribute(node, 'name'), key];
    }),
  );
};

/**
 * @param {Node} operation
 * @param {'input' | 'output'} direction
 * @param {Map<string, string>} messages
 */
const messageOf = (operation, direction, messages) => {
  const node = child(operation, direction);
  const name = node === undefined ? '' : (attribute(node, 'message').split(':')[1] ?? '');
  const key = messages.get(name);
  if (key === undefined) throw unsupported(operation, `has no ${direction} message`);
  return key;
};

/**
 * Operation name → SOAP action. All bindings must agree.
 *
 * @param {Node} root
 * @returns {Map<string, string>}
 */
const readBindings = (root) => {
  const bindings = children(root, 'binding').map((binding) => {
    if (attribute(soapNode(binding, 'binding'), 'style') !== 'document')
      throw unsupported(binding, 'is not style="document"');
    return new Map(
      children(binding, 'operation').map((operation) => [
        attribute(operation, 'name'),
        attribute(soapNode(operation, 'operation'), 'soapAction'),
      ]),
    );
  });
  const [first, ...others] = bindings;
  if (first === undefined || others.length === 0)
    throw unsupported(root, 'needs a SOAP 1.1 and a SOAP 1.2 binding');
  for (const other of others) {
    const same =
      other.size === first.size && [...first].every(([name, action]) => other.get(name) === action);
    if (!same) throw unsupported(root, 'has bindings that differ');
  }
  return first;
};

/**
 * @param {Node} node
 * @param {string} name
 */
const soapNode = (node, name) => {
  const found = node.children.find((inner) => inner.name === name && inner.prefix.startsWith('soap'));
  if (found === undefined) throw unsupported(node, `without soap:${name}`);
  return found;
};
