import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { REMOTE_REQUEST_KINDS } from '@postern/contracts';
import type { Command } from 'commander';
import { commandsOf } from '../src/help/manual.ts';
import { manuals } from '../src/help/pages/index.ts';
import { createProgram } from '../src/main.ts';
import { type KindArguments, readOperands } from '../src/requests/kind-options.ts';
import { parseRequestArguments, toKebab } from '../src/requests/request-arguments.ts';

const CONNECTION = {
  POSTERN_SERVER_URL: 'https://127.0.0.1:8444',
  POSTERN_TOKEN_FILE: 'operator.token',
  POSTERN_CA_FILE: 'ca.pem',
};
const environment = { ...process.env };

beforeEach(() => {
  Object.assign(process.env, CONNECTION);
  jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  jest.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  process.env = { ...environment };
  jest.restoreAllMocks();
});

const hidden = (command: Command): boolean => '_hidden' in command && command._hidden === true;
const commands = commandsOf(createProgram()).filter(({ command }) => !hidden(command));
/** What does something: without commands below, or with an action of its own beside them. */
const leaves = commands.filter(({ path, command }) => command.commands.length === 0 || path === 'device');
const helpOf = (command: Command): string => {
  let text = '';
  command.configureOutput({ writeOut: (part) => (text += part) });
  command.outputHelp();
  return text;
};

test('every command, argument and option is described, once', () => {
  const lacking = commands.flatMap(({ path, command }) => [
    ...(command.description() === '' ? [`${path}: no description`] : []),
    ...command.registeredArguments
      .filter(({ description }) => description === '')
      .map((argument) => `${path}: ${argument.name()} is not described`),
    ...command.options
      .filter(({ description }) => description === '')
      .map(({ flags }) => `${path}: ${flags} is not described`),
  ]);
  expect(lacking).toEqual([]);
});

test('every command that does something has a manual with an example, and no manual is left over', () => {
  const paths = leaves.map(({ path }) => path).sort();
  expect(Object.keys(manuals).sort()).toEqual(paths);
  const wrong = Object.entries(manuals).filter(
    ([path, { examples }]) =>
      examples.length === 0 || examples.some(([line]) => !line.startsWith(`postern ${path}`)),
  );
  expect(wrong).toEqual([]);
});

test('every command that does something prints JSON, if it prints data', () => {
  const without = leaves.filter(({ command }) => !command.options.some(({ long }) => long === '--json'));
  expect(without.map(({ path }) => path)).toEqual(['completion']);
});

test('options that take a time or a size say in what unit', () => {
  const vague = leaves.flatMap(({ path, command }) =>
    command.options
      .filter(({ long }) => /timeout|deadline|interval|--hold|days/.test(long ?? ''))
      .filter(({ flags, description }) => !/second|day/.test(`${flags} ${description}`))
      .map(({ flags }) => `${path} ${flags}`),
  );
  expect(vague).toEqual([]);
});

test.each(Object.entries(manuals).flatMap(([path, { examples }]) => examples.map(([line]) => [line, path])))(
  'the parser takes: %s',
  async (line, path) => {
    const done: string[] = [];
    const program = createProgram();
    for (const one of commandsOf(program)) {
      if (one.command.commands.length > 0 && one.path !== 'device') continue;
      one.command.action(() => void done.push(one.path));
    }
    const words = wordsOf(line);
    if (words.at(-1) === '--help') {
      await expect(program.parseAsync(['node', ...words])).rejects.toMatchObject({ exitCode: 0 });
    } else {
      await program.parseAsync(['node', ...words]);
      expect(done).toEqual([path]);
    }
  },
);

test.each(REMOTE_REQUEST_KINDS.filter((kind) => kind !== 'WriteFile'))(
  'the example of a request holds what the contract takes: %s',
  async (kind) => {
    const path = `site request ${toKebab(kind)}`;
    const program = createProgram();
    const read: object[] = [];
    commandsOf(program)
      .find((one) => one.path === path)
      ?.command.action((operands: readonly string[], options: KindArguments) => {
        read.push(parseRequestArguments(kind, readOperands(kind, operands, options).texts));
      });
    await program.parseAsync(['node', ...wordsOf(manuals[path]?.examples[0]?.[0] ?? '')]);
    expect(read).toHaveLength(1);
  },
);

/** As a shell splits it: quotes keep words together. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g)].map(([word]) => word.replace(/['"]/g, ''));

test('the help reads like a page of a manual', () => {
  const [order] = commands.filter(({ path }) => path === 'update order');
  const text = order === undefined ? '' : helpOf(order.command);
  expect(text).toMatch(
    /Usage: postern update order[\s\S]*Options:[\s\S]*Examples:\n {2}postern update order/,
  );
  expect(text).toMatch(/Exit codes:\n {2}0 {4}ordered[\s\S]*See also:\n {2}postern update watch, /);
  expect(text).toContain('docs/schemes.md');
});
