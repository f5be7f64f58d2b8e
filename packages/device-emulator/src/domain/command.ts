import { deviceError } from '../errors.ts';
import { expectation } from './constraint.ts';
import type { Setting } from './parameters.ts';
import {
  type CommandEffect,
  type CommandProfile,
  type DeviceProfile,
  jobOf,
  type Source,
} from './profile.ts';

/** What a command does, with the values that its arguments gave it. */
export type ResolvedEffect =
  | { readonly do: 'start-job'; readonly job: string; readonly units: number }
  | { readonly do: 'set-parameter'; readonly setting: Setting }
  | Exclude<CommandEffect, { readonly do: 'start-job' | 'set-parameter' }>;

/**
 * What a command of the profile comes to.
 *
 * @param given arguments as they came
 * @throws PosternError `command-unknown`, `argument-invalid`
 */
export const resolveCommand = (
  profile: DeviceProfile,
  name: string,
  given: readonly Setting[],
): ResolvedEffect => {
  const command = Object.hasOwn(profile.commands, name) ? profile.commands[name] : undefined;
  if (command === undefined) {
    const known = Object.keys(profile.commands).join(', ');
    throw deviceError('command-unknown', `The device has no command ${name}; it has ${known || 'none'}`);
  }
  return resolve(profile, command.effect, argumentsOf(command, given));
};

type Arguments = ReadonlyMap<string, string>;

const argumentsOf = ({ arguments: known }: CommandProfile, given: readonly Setting[]): Arguments => {
  const values = new Map<string, string>();
  for (const { name, value } of given) {
    const argument = Object.hasOwn(known, name) ? known[name] : undefined;
    if (argument === undefined) throw deviceError('argument-invalid', `The command has no argument ${name}`);
    if (values.has(name)) throw deviceError('argument-invalid', `The argument ${name} is given twice`);
    const problem = expectation(argument.constraint, value);
    if (problem !== undefined) throw deviceError('argument-invalid', `The argument ${name} ${problem}`);
    values.set(name, value);
  }
  for (const [name, { default: value }] of Object.entries(known)) {
    if (values.has(name)) continue;
    if (value === undefined) throw deviceError('argument-invalid', `The argument ${name} is missing`);
    values.set(name, value);
  }
  return values;
};

const sourceValue = (source: Source, values: Arguments): string =>
  'value' in source ? source.value : (values.get(source.argument) ?? '');

const resolve = (profile: DeviceProfile, effect: CommandEffect, values: Arguments): ResolvedEffect => {
  switch (effect.do) {
    case 'start-job':
      jobOf(profile, effect.job);
      return { do: 'start-job', job: effect.job, units: Number(sourceValue(effect.units, values)) };
    case 'set-parameter': {
      const { parameter } = effect;
      const value = sourceValue(effect.to, values);
      const constraint = profile.parameters[parameter]?.constraint;
      const problem = constraint === undefined ? 'is no parameter' : expectation(constraint, value);
      if (problem !== undefined) throw deviceError('argument-invalid', `${parameter} ${problem}`);
      return { do: 'set-parameter', setting: { name: parameter, value } };
    }
    default:
      return effect;
  }
};
