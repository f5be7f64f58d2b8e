import type { Command, Option } from 'commander';
import { commandsOf } from '../help/manual.ts';

/** What may stand at a place of the command line: words, names of files, or something only its user knows. */
export type Value = { readonly words: readonly string[] } | 'file' | 'directory' | 'other';

/** What a shell has to know of one command. */
export interface CommandWords {
  /** `postern update order` */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly {
    /** `--device`; an option has one name here. */
    readonly flag: string;
    readonly description: string;
    /** Undefined for an option without one. */
    readonly value?: Value;
  }[];
  /** Of its operands, all alike. */
  readonly operand: Value | undefined;
}

/** What can be completed, from the commands as they are: hidden commands and options stay hidden. */
export const vocabularyOf = (program: Command): readonly CommandWords[] =>
  commandsOf(program).map(({ path, command }) => {
    const help = command.createHelp();
    return {
      path: path === '' ? program.name() : `${program.name()} ${path}`,
      commands: help.visibleCommands(command).map((below) => ({
        name: below.name(),
        description: below.description(),
      })),
      options: help.visibleOptions(command).flatMap((option) => {
        const flag = option.long ?? option.short;
        if (flag === undefined || flag === null) return [];
        const value = valueFor(option);
        return [{ flag, description: option.description, ...(value === undefined ? {} : { value }) }];
      }),
      operand: operandOf(command),
    };
  });

const valueFor = (option: Option): Value | undefined => {
  if (!option.required && !option.optional) return undefined;
  if (option.argChoices !== undefined) return { words: option.argChoices };
  return pathLike(/<(.+)>/.exec(option.flags)?.[1] ?? '');
};

const operandOf = (command: Command): Value | undefined => {
  const [first] = command.registeredArguments;
  if (first === undefined) return undefined;
  if (first.argChoices !== undefined) return { words: first.argChoices };
  const kinds = command.registeredArguments.map((each) => pathLike(each.name()));
  return kinds.find((kind) => kind !== 'other') ?? 'other';
};

/** By the word that stands for the value in the help; COMPONENT:…:FILE is for its user to write. */
const pathLike = (placeholder: string): Value => {
  if (placeholder.includes(':')) return 'other';
  if (/\bdir\b/.test(placeholder)) return 'directory';
  return /\b(file|path|bundle|certificate|rotation)\b/.test(placeholder) ? 'file' : 'other';
};
