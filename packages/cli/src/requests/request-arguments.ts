import {
  type ElementMember,
  isRemoteRequestKind,
  membersOf,
  REMOTE_REQUEST_KINDS,
  type RemoteRequestKind,
  requestFromJson,
  requestType,
  schema,
  soleList,
} from '@postern/contracts';
import { errorMessage } from '@postern/core';
import { cliError } from '../errors.ts';

/** An argument of a kind of request, as the command line has it. */
export interface ArgumentForm {
  /** Of the element in the contract, e.g. `minimumLevel`. */
  readonly name: string;
  /** The same in the style of options: `minimum-level`. */
  readonly option: string;
  /** What is written as its value, for help texts. */
  readonly placeholder: string;
  readonly required: boolean;
}

/** `GetCounters` ↔ `get-counters` */
export const toKebab = (name: string): string =>
  name.replace(/[A-Z]/g, (letter, at: number) => `${at === 0 ? '' : '-'}${letter.toLowerCase()}`);

/**
 * The kind that is written `get-counters` (or `GetCounters`).
 *
 * @throws PosternError `request-kind-unknown`
 */
export const parseRequestKind = (text: string): RemoteRequestKind => {
  const kind = REMOTE_REQUEST_KINDS.find((each) => toKebab(each) === text) ?? text;
  if (isRemoteRequestKind(kind)) return kind;
  throw cliError('request-kind-unknown', `There is no request ${text}`);
};

/** What a kind of request can be given, in the order of the contract. The identifier is not the operator's to give. */
export const argumentForms = (kind: RemoteRequestKind): readonly ArgumentForm[] =>
  argumentsOf(kind).map((member) => ({
    name: member.name,
    option: toKebab(member.name),
    placeholder: placeholderOf(member),
    required: member.min > 0 && !isList(member),
  }));

/**
 * Makes of `name=value` texts what a request carries, in the JSON form of the contract, and checks it by the contract. A name is
 * that of the element or its option. Lists are written `names=a,b`, or one by one; an element of several fields as the
 * fields in order (`entry=read-counters,0 3 * * *`: what follows the last comma that is needed is the last field). Names that the
 * contract does not know are parameters, where a request has such: `location=2nd floor`.
 *
 * @throws PosternError `argument-invalid`
 */
export const parseRequestArguments = (
  kind: RemoteRequestKind,
  texts: readonly string[],
): Readonly<Record<string, unknown>> => {
  const given: Record<string, unknown> = {};
  for (const text of texts) addArgument(kind, given, text);
  try {
    requestFromJson(kind, given);
  } catch (error) {
    throw cliError('argument-invalid', `${toKebab(kind)}: ${errorMessage(error)}`, error);
  }
  return given;
};

const addArgument = (kind: RemoteRequestKind, given: Record<string, unknown>, text: string): void => {
  const [, name = '', value = ''] = /^([^=]+)=([\s\S]*)$/.exec(text) ?? [];
  if (name === '') throw cliError('argument-invalid', `Not an argument: ${text.slice(0, 80)}`);
  const members = argumentsOf(kind);
  const member = members.find((each) => each.name === name || toKebab(each.name) === name);
  const pairs = members.find(isPairs);
  if (member !== undefined && !isPairs(member)) {
    const items = isList(member) ? listItems(member, value) : undefined;
    if (items !== undefined) append(given, member.name, items);
    else if (given[member.name] === undefined) given[member.name] = scalar(member, value);
    else throw cliError('argument-invalid', `${name} is given twice`);
  } else if (pairs !== undefined) {
    // A parameter may be named like an argument.
    const prefix = `${pairs.name}.`;
    append(given, pairs.name, [{ name: name.startsWith(prefix) ? name.slice(prefix.length) : name, value }]);
  } else {
    const known = members.map((each) => toKebab(each.name)).join(', ');
    throw cliError('argument-invalid', `${toKebab(kind)} takes ${known || 'no arguments'}, not ${name}`);
  }
};

const argumentsOf = (kind: RemoteRequestKind): readonly ElementMember[] =>
  membersOf(requestType(kind)).filter(
    (member): member is ElementMember => member.kind === 'element' && member.name !== 'requestId',
  );

const isList = (member: ElementMember): boolean => itemType(member) !== undefined;

/** The type of a list's items; undefined for what is no list. */
const itemType = ({ type, max }: ElementMember): string | undefined =>
  max > 1 ? type : soleList(type)?.type;

/** A list of names with values. */
const isPairs = (member: ElementMember): boolean => fieldsOf(itemType(member) ?? '').join() === 'name,value';

const fieldsOf = (type: string): readonly string[] =>
  membersOf(type).map((member) => (member.kind === 'element' ? member.name : ''));

const listItems = (member: ElementMember, value: string): readonly unknown[] => {
  const fields = fieldsOf(itemType(member) ?? '');
  if (fields.length === 0) return value === '' ? [] : value.split(',');
  const parts = value.split(',');
  const last = parts.slice(fields.length - 1).join(',');
  if (parts.length < fields.length) {
    throw cliError('argument-invalid', `${member.name} is written ${fields.join(',')}`);
  }
  return [Object.fromEntries(fields.map((field, at) => [field, at < fields.length - 1 ? parts[at] : last]))];
};

const append = (given: Record<string, unknown>, name: string, items: readonly unknown[]): void => {
  given[name] = [...((given[name] as unknown[] | undefined) ?? []), ...items];
};

const scalar = ({ name, type }: ElementMember, value: string): unknown => {
  const primitive = schema.simpleTypes[type]?.primitive;
  if (primitive === 'integer') {
    if (/^\d{1,15}$/.test(value)) return Number(value);
    throw cliError('argument-invalid', `${name} is a whole number, not ${value.slice(0, 80)}`);
  }
  if (primitive === 'boolean') {
    if (value === 'true' || value === 'false') return value === 'true';
    throw cliError('argument-invalid', `${name} is true or false, not ${value.slice(0, 80)}`);
  }
  return value;
};

const placeholderOf = (member: ElementMember): string => {
  const fields = fieldsOf(itemType(member) ?? '');
  if (isPairs(member)) return 'name=value';
  if (fields.length > 0) return fields.join(',');
  const simple = schema.simpleTypes[itemType(member) ?? member.type];
  if (simple?.enumeration !== undefined) return simple.enumeration.join('|');
  const words = {
    string: 'text',
    integer: 'number',
    boolean: 'true|false',
    dateTime: 'time',
    base64Binary: 'base64',
  };
  const word = words[simple?.primitive ?? 'string'];
  return isList(member) ? `${word},…` : word;
};
