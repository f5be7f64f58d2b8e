import { REMOTE_REQUEST_KINDS, type RemoteRequestKind } from '@postern/contracts';
import { Command } from 'commander';
import { KIND_WORDS } from './kind-words.ts';
import { argumentForms, toKebab } from './request-arguments.ts';

/** What the command line says of a request: its arguments as options, beside those that stand alone as `name=value`. */
export interface KindArguments {
  readonly argument: readonly string[];
}

/** A sub-command for each kind of request, named like it, with an option for each of its arguments. */
export const kindCommands = (
  operands: { readonly name: string; readonly description: string },
  complete: (command: Command, kind: RemoteRequestKind) => Command,
): readonly Command[] =>
  REMOTE_REQUEST_KINDS.map((kind) => {
    const command = new Command(toKebab(kind))
      .description(KIND_WORDS[kind])
      .argument(operands.name, operands.description)
      .option('--argument <name=value>', 'an argument; may be given several times', collect, []);
    for (const { option, placeholder } of argumentForms(kind)) {
      command.option(`--${option} <${placeholder}>`, `the same as ${option}=…`, collect);
    }
    return complete(command, kind);
  });

/** Arguments as `name=value` on one side, names of nodes on the other. */
export const readOperands = (
  kind: RemoteRequestKind,
  operands: readonly string[],
  options: KindArguments,
): { readonly texts: readonly string[]; readonly names: readonly string[] } => ({
  texts: [...textsOf(kind, options), ...operands.filter((text) => text.includes('='))],
  names: operands.filter((text) => !text.includes('=')),
});

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** Options of arguments as `name=value`; commander keeps them under the contract's own names. */
const textsOf = (kind: RemoteRequestKind, options: KindArguments): readonly string[] => {
  const given = new Map<string, unknown>(Object.entries(options));
  const named = argumentForms(kind).flatMap(({ name, placeholder }) => {
    const values = given.get(name);
    if (!Array.isArray(values)) return [];
    return values.map((value) => (placeholder === 'name=value' ? `${name}.${value}` : `${name}=${value}`));
  });
  return [...options.argument, ...named];
};
