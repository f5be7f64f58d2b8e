// @ts-check
import { comment } from './emit-types.js';

/** @import { Model, SimpleType, ComplexType, ElementMember } from './schema-model.js' */
/** @import { ContractModel } from './read-wsdl.js' */

/**
 * The schema as data, for the codec.
 *
 * @param {Model} model
 */
export const emitSchema = (model) => {
  const types = [...model.types.values()].sort((a, b) => (a.key < b.key ? -1 : 1));
  const simple = types.flatMap((type) => (type.kind === 'simple' ? [emitSimple(type)] : []));
  const complex = types.flatMap((type) => (type.kind === 'complex' ? [emitComplex(model, type)] : []));
  const elements = [...model.elements.values()].map(
    (element) =>
      `    '${element.key}': { namespace: ${namespaceName(model, element.namespace)}, name: '${element.name}', type: '${element.type}' },`,
  );
  return [
    "import type { Schema } from '../codec/schema.ts';",
    '',
    ...[...model.modules].map(([module, namespace]) => `const ${module.toUpperCase()} = '${namespace}';`),
    '',
    '/** Every type and element of the contracts, by `file.Name`. */',
    'export const schema: Schema = {',
    '  simpleTypes: {',
    ...simple,
    '  },',
    '  complexTypes: {',
    ...complex,
    '  },',
    '  elements: {',
    ...elements,
    '  },',
    '};',
    '',
  ].join('\n');
};

/**
 * @param {Model} model
 * @param {string} namespace
 */
const namespaceName = (model, namespace) => {
  const [module] = [...model.modules].find(([, candidate]) => candidate === namespace) ?? [];
  if (module === undefined) throw new Error(`no module has the namespace ${namespace}`);
  return module.toUpperCase();
};

/**
 * @param {SimpleType} type
 */
const emitSimple = (type) => {
  const facts = [
    `primitive: '${type.primitive}'`,
    ...(type.patterns.length > 0
      ? [
          `patterns: [${type.patterns.map((pattern) => `/^(?:${pattern.replaceAll('/', '\\/')})$/u`).join(', ')}]`,
        ]
      : []),
    ...(type.enumeration !== undefined
      ? [`enumeration: [${type.enumeration.map((value) => `'${value}'`).join(', ')}]`]
      : []),
    ...['minLength', 'maxLength', 'minimum', 'maximum'].flatMap((name) => {
      const value = type[/** @type {'minLength'} */ (name)];
      return value === undefined ? [] : [`${name}: ${value}`];
    }),
    ...(type.secret ? ['secret: true'] : []),
  ];
  return `    '${type.key}': { ${facts.join(', ')} },`;
};

/**
 * @param {Model} model
 * @param {ComplexType} type
 */
const emitComplex = (model, type) => {
  if (type.members.length === 0) return `    '${type.key}': { members: [] },`;
  const members = type.members.map((member) =>
    member.kind === 'choice'
      ? `        { kind: 'choice', options: [\n${member.options.map((option) => `          ${emitElement(model, option)},\n`).join('')}        ] },`
      : `        ${emitElement(model, member)},`,
  );
  return `    '${type.key}': {\n      members: [\n${members.join('\n')}\n      ],\n    },`;
};

/**
 * @param {Model} model
 * @param {ElementMember} member
 */
const emitElement = (model, member) =>
  `{ kind: 'element', namespace: ${namespaceName(model, member.namespace)}, name: '${member.name}', type: '${member.type}', min: ${member.min}, max: ${member.max} }`;

/**
 * The contracts: operations with their types and codecs.
 *
 * @param {Model} model
 * @param {ContractModel[]} contracts
 */
export const emitContracts = (model, contracts) => {
  const blocks = contracts.map((contract) => emitContract(contract));
  const body = blocks.join('\n');
  const imports = [...model.modules.keys()]
    .filter((module) => new RegExp(`\\b${module}\\.[A-Z]`).test(body))
    .sort()
    .map((module) => `import type * as ${module} from './${module}.ts';`);
  return [
    "import { type Contract, defineContract } from '../codec/contract.ts';",
    ...imports,
    "import { schema } from './schema.ts';",
    '',
    body,
  ].join('\n');
};

/**
 * @param {ContractModel} contract
 */
const emitContract = (contract) => {
  const variable = `${contract.name.charAt(0).toLowerCase()}${contract.name.slice(1)}Contract`;
  const types = contract.operations.map(
    ({ name, request, response }) =>
      `  readonly ${name}: { readonly request: ${request}; readonly response: ${response} };`,
  );
  const operations = contract.operations.map(
    ({ name, soapAction, request, response }) =>
      `    ${name}: {\n      soapAction: '${soapAction}',\n      request: '${request}',\n      response: '${response}',\n    },`,
  );
  return [
    `${comment([`The operations of ${contract.file}.`], '')}export interface ${contract.name}Operations {`,
    ...types,
    '}',
    '',
    `${comment([contract.documentation], '')}export const ${variable}: Contract<${contract.name}Operations> = defineContract<${contract.name}Operations>(schema, {`,
    `  name: '${contract.name}',`,
    `  namespace: '${contract.namespace}',`,
    `  file: '${contract.file}',`,
    '  operations: {',
    ...operations,
    '  },',
    '});',
    '',
  ].join('\n');
};

/**
 * The texts of the contract files, so that a service can show them without touching the disk.
 *
 * @param {Map<string, string>} files
 */
export const emitContractFiles = (files) =>
  [
    '/** The contract files as they stand in wsdl/, by name. */',
    'export const contractFiles: Readonly<Record<string, string>> = {',
    ...[...files].map(
      ([name, text]) => `  '${name}': \`${text.replace(/[\\`]|\$\{/g, (found) => `\\${found}`)}\`,`,
    ),
    '};',
    '',
  ].join('\n');
