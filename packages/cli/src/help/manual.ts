import type { Command } from 'commander';

/** What the help of a command says beyond its options, as a page of a manual would. */
export interface Manual {
  /** Command lines, and what each does. They are checked against the parser. */
  readonly examples: readonly (readonly [line: string, does: string])[];
  /** Instead of the usual ones. */
  readonly exitCodes?: readonly (readonly [code: string, meaning: string])[];
  readonly files?: readonly (readonly [file: string, what: string])[];
  readonly environment?: readonly (readonly [variable: string, what: string])[];
  /** Other commands, without `postern`, and pages of docs/. */
  readonly seeAlso?: readonly string[];
}

/** By the path of the command, without `postern`: `update order`. */
export type Manuals = Readonly<Record<string, Manual>>;

const EXIT_CODES: NonNullable<Manual['exitCodes']> = [
  ['0', 'done'],
  ['1', 'refused or failed; standard error says why, and what to do next'],
  ['2', 'used wrongly'],
  ['130', 'given up by a signal'],
];

/** Adds the sections of the manuals to the help of all commands below one. */
export const addManuals = (program: Command, manuals: Manuals): void => {
  for (const { path, command } of commandsOf(program)) {
    const manual = manuals[path];
    if (manual !== undefined) command.addHelpText('after', () => `\n${sectionsOf(manual).join('\n\n')}`);
  }
};

/** A command and those below it, each with its path: '' is the command itself. */
export const commandsOf = (
  command: Command,
  path = '',
): readonly { readonly path: string; readonly command: Command }[] => [
  { path, command },
  ...command.commands.flatMap((below) =>
    commandsOf(below, path === '' ? below.name() : `${path} ${below.name()}`),
  ),
];

const sectionsOf = ({ examples, exitCodes = EXIT_CODES, files, environment, seeAlso }: Manual) => [
  `Examples:\n${examples.map(([line, does]) => `  ${line}\n      ${does}`).join('\n')}`,
  listed('Exit codes', exitCodes),
  ...(environment === undefined ? [] : [listed('Environment', environment)]),
  ...(files === undefined ? [] : [listed('Files', files)]),
  ...(seeAlso === undefined ? [] : [`See also:\n  ${seeAlso.map(reference).join(', ')}`]),
];

const listed = (title: string, entries: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...entries.map(([term]) => term.length));
  return `${title}:\n${entries.map(([term, meaning]) => `  ${term.padEnd(width)}  ${meaning}`).join('\n')}`;
};

const reference = (text: string): string => (/[./]/.test(text) ? text : `postern ${text}`);
