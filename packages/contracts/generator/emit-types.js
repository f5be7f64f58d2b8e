// @ts-check
import { CHOICE_PROPERTY } from './schema-model.js';

/** @import { Model, SimpleType, ComplexType, ElementMember, ChoiceMember, GlobalElement } from './schema-model.js' */

const PRIMITIVES = {
  string: 'string',
  integer: 'number',
  boolean: 'boolean',
  dateTime: 'Instant',
  base64Binary: 'Uint8Array',
};

/**
 * The TypeScript types of one schema file.
 *
 * @param {Model} model
 * @param {string} module
 */
export const emitTypes = (model, module) => {
  const inModule = (/** @type {string} */ key) => key.startsWith(`${module}.`);
  const types = [...model.types.values()].filter((type) => inModule(type.key));
  const aliases = [...model.elements.values()].filter(
    (element) => inModule(element.key) && element.type !== element.key,
  );
  const body = [
    ...types.map((type) => (type.kind === 'simple' ? emitSimple(type) : emitComplex(model, module, type))),
    ...aliases.map((element) => emitAlias(module, element)),
  ].join('\n');
  const imports = [...model.modules.keys()]
    .filter((other) => other !== module && new RegExp(`\\b${other}\\.[A-Z]`).test(body))
    .sort()
    .map((other) => `import type * as ${other} from './${other}.ts';`);
  const instant = /\bInstant\b/.test(body) ? ["import type { Instant } from '@postern/core';"] : [];
  return [...instant, ...imports, ...(instant.length + imports.length > 0 ? [''] : []), body].join('\n');
};

/**
 * @param {SimpleType} type
 */
const emitSimple = (type) => {
  const facts = [
    ...type.patterns.map((pattern) => `Matches \`${pattern}\`.`),
    ...(type.minimum !== undefined ? [`${type.minimum} to ${type.maximum}.`] : []),
    ...(type.maxLength !== undefined ? [lengthText(type)] : []),
    ...(type.secret ? ['A secret: never in messages or logs.'] : []),
  ];
  const union = type.enumeration?.map((value) => `'${value}'`).join(' | ');
  return `${comment([type.documentation, facts.join(' ')], '')}export type ${localName(type.key)} = ${union ?? PRIMITIVES[type.primitive]};\n`;
};

/**
 * @param {SimpleType} type
 */
const lengthText = (type) => {
  const unit = type.primitive === 'base64Binary' ? 'bytes' : 'characters';
  const least = type.minLength ?? 0;
  return least === type.maxLength ? `${least} ${unit}.` : `${least} to ${type.maxLength} ${unit}.`;
};

/**
 * @param {Model} model
 * @param {string} module
 * @param {ComplexType} type
 */
const emitComplex = (model, module, type) => {
  const name = localName(type.key);
  const head = comment([type.documentation], '');
  if (type.members.length === 0) return `${head}export type ${name} = Readonly<Record<string, never>>;\n`;
  const choice = type.members.find((member) => member.kind === 'choice');
  const members = type.members.map((member) =>
    member.kind === 'choice'
      ? `${comment(['Exactly one of the elements offered here; `kind` is its name.'], '  ')}  readonly ${CHOICE_PROPERTY}: ${name}Body;`
      : emitMember(model, module, member),
  );
  const union = choice?.kind === 'choice' ? emitChoice(model, module, name, choice) : '';
  return `${head}export interface ${name} {\n${members.join('\n')}\n}\n${union}`;
};

/**
 * @param {Model} model
 * @param {string} module
 * @param {ElementMember} member
 */
const emitMember = (model, module, member) => {
  const type = typeName(model, module, member.type);
  const list = member.max > 1;
  const limits = list ? comment([`${member.min} to ${member.max} items.`], '  ') : '';
  const optional = member.min === 0 && !list ? '?' : '';
  return `${limits}  readonly ${member.name}${optional}: ${list ? `readonly ${type}[]` : type};`;
};

/**
 * @param {Model} model
 * @param {string} module
 * @param {string} owner
 * @param {ChoiceMember} choice
 */
const emitChoice = (model, module, owner, choice) => {
  const options = choice.options.map(
    (option) =>
      `  | { readonly kind: '${option.name}'; readonly value: ${typeName(model, module, option.type)} }`,
  );
  return `\n${comment([`What a ${owner} carries.`], '')}export type ${owner}Body =\n${options.join('\n')};\n`;
};

/**
 * @param {string} module
 * @param {GlobalElement} element
 */
const emitAlias = (module, element) => {
  const target = element.type.startsWith(`${module}.`) ? localName(element.type) : element.type;
  return `${comment([element.documentation], '')}export type ${element.name} = ${target};\n`;
};

/**
 * @param {Model} model
 * @param {string} module
 * @param {string} key
 */
const typeName = (model, module, key) => {
  const type = model.types.get(key);
  if (key.startsWith('xs.') && type?.kind === 'simple') return PRIMITIVES[type.primitive];
  return key.startsWith(`${module}.`) ? localName(key) : key;
};

/**
 * @param {string} key
 */
const localName = (key) => key.slice(key.indexOf('.') + 1);

/**
 * A doc comment from the paragraphs that are not empty.
 *
 * @param {string[]} paragraphs
 * @param {string} indent
 */
export const comment = (paragraphs, indent) => {
  const lines = paragraphs.filter((text) => text !== '').flatMap((text) => wrap(text, 105 - indent.length));
  if (lines.length === 0) return '';
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join('')}${indent} */\n`;
};

/**
 * @param {string} text
 * @param {number} width
 */
const wrap = (text, width) => {
  /** @type {string[]} */
  const lines = [];
  for (const word of text.replaceAll('*/', '* /').split(/\s+/)) {
    const last = lines.at(-1);
    if (last === undefined || last.length + word.length + 1 > width) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
};
