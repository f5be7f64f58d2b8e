import { readFile } from 'node:fs/promises';
import { errorCode } from '@postern/core';
import { parse } from 'yaml';
import { cliError } from '../errors.ts';

/** Where a node's configuration comes from. Later ones win: defaults, file, environment, settings of the command line. */
export interface ConfigSources {
  /** A YAML (or JSON) file. */
  readonly file?: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** `uplink.port=8443` */
  readonly settings: readonly string[];
}

type Tree = { [key: string]: unknown };

/**
 * Reads and merges a configuration; the node's own schema checks it and refuses unknown keys. The environment's variables
 * are `POSTERN_` and the key's path in upper case joined with `__`: `POSTERN_UPLINK__PORT`, `POSTERN_DATA_DIR`.
 *
 * @throws PosternError `config-unreadable`, `config-invalid`
 */
export const readSettings = async (sources: ConfigSources): Promise<object> => {
  const tree: Tree = sources.file === undefined ? {} : await readTree(sources.file);
  for (const [path, value] of fromEnvironment(sources.environment)) assign(tree, path, value);
  for (const [path, value] of sources.settings.map(parseSetting)) assign(tree, path, value);
  return tree;
};

const readTree = async (file: string): Promise<Tree> => {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw cliError('config-unreadable', `${file} cannot be read (${errorCode(cause, 'unknown')})`, cause);
  }
  try {
    const parsed: unknown = parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
    throw new TypeError('the top level must be a mapping');
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw cliError('config-invalid', `${file}: ${reason}`, cause);
  }
};

const PREFIX = 'POSTERN_';

/** Variables of the demo and of the command itself, not of a node's configuration. */
const OTHER_VARIABLES: ReadonlySet<string> = new Set([
  'POSTERN_STATE_DIR',
  'POSTERN_TOKEN_FILE',
  'POSTERN_SERVER_URL',
  'POSTERN_CA_FILE',
  'POSTERN_LOG_LEVEL',
  'POSTERN_SITE_DIR',
]);

const fromEnvironment = (
  environment: ConfigSources['environment'],
): readonly [readonly string[], unknown][] =>
  Object.entries(environment).flatMap(([name, value]): [readonly string[], unknown][] => {
    if (!name.startsWith(PREFIX) || value === undefined || OTHER_VARIABLES.has(name)) return [];
    return [[name.slice(PREFIX.length).split('__').map(camelCase), scalar(value)]];
  });

const camelCase = (text: string): string =>
  text.toLowerCase().replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

const parseSetting = (setting: string): readonly [readonly string[], unknown] => {
  const at = setting.indexOf('=');
  if (at < 1) {
    throw cliError('config-invalid', `Not a setting (write --set KEY.PATH=VALUE): ${setting}`);
  }
  return [setting.slice(0, at).split('.'), scalar(setting.slice(at + 1))];
};

/** Numbers, booleans and lists as YAML reads them; everything else is text. */
const scalar = (text: string): unknown => {
  try {
    return parse(text) ?? '';
  } catch {
    return text;
  }
};

const assign = (tree: Tree, path: readonly string[], value: unknown): void => {
  const [first, ...rest] = path;
  if (first === undefined || first === '__proto__') return;
  if (rest.length === 0) {
    tree[first] = value;
    return;
  }
  const below = tree[first];
  const next: Tree = typeof below === 'object' && below !== null && !Array.isArray(below) ? { ...below } : {};
  assign(next, rest, value);
  tree[first] = next;
};
