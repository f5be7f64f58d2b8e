import type { z } from 'zod';
import { expectation } from '../../domain/constraint.ts';
import type { CommandProfile, DeviceProfile, Source } from '../../domain/profile.ts';

type Path = readonly (string | number)[];

/** Refuses a profile that uses names which it does not define, or values that its own constraints forbid. */
export const namesThatExist = (profile: DeviceProfile, context: z.RefinementCtx): void => {
  const tell = (path: Path, message: string): void => {
    context.addIssue({ code: 'custom', path: [...path], message });
  };
  const need = (among: object, what: string, name: string, path: Path): void => {
    if (!Object.hasOwn(among, name)) tell(path, `There is no ${what} ${JSON.stringify(name)}`);
  };
  const { components, jobs, counters, commands, applications, supplies } = profile;

  const twice = components.findIndex((name, at) => components.indexOf(name) !== at);
  if (twice >= 0) tell(['components', twice], 'The component is named twice');
  for (const [name, { component }] of Object.entries(applications)) {
    if (component === undefined || components.includes(component)) continue;
    tell(['applications', name, 'component'], `There is no component ${JSON.stringify(component)}`);
  }
  for (const [name, { counter, application, supplies: used }] of Object.entries(jobs)) {
    need(counters, 'counter', counter, ['jobs', name, 'counter']);
    if (application !== undefined)
      need(applications, 'application', application, ['jobs', name, 'application']);
    for (const supply of Object.keys(used))
      need(supplies, 'supply', supply, ['jobs', name, 'supplies', supply]);
  }
  for (const [name, command] of Object.entries(commands)) {
    const path: Path = ['commands', name, 'effect'];
    const { effect } = command;
    if (effect.do === 'reset-counter') need(counters, 'counter', effect.counter, [...path, 'counter']);
    if (effect.do === 'start-job') {
      need(jobs, 'job', effect.job, [...path, 'job']);
      const problem = unitsProblem(command, effect.units);
      if (problem !== undefined) tell([...path, 'units'], problem);
    }
    if (effect.do === 'set-parameter') {
      need(profile.parameters, 'parameter', effect.parameter, [...path, 'parameter']);
      const problem = valueProblem(profile, command, effect);
      if (problem !== undefined) tell([...path, 'to'], problem);
    }
  }
};

const noArgument = ({ arguments: known }: CommandProfile, name: string): string | undefined =>
  Object.hasOwn(known, name) ? undefined : `There is no argument ${JSON.stringify(name)}`;

/** How many units a job has must be a number that makes sense. */
const unitsProblem = (command: CommandProfile, units: Source): string | undefined => {
  const range = { kind: 'integer', from: 1, to: 10_000 } as const;
  if ('value' in units) {
    const problem = expectation(range, units.value);
    return problem === undefined ? undefined : `The value ${problem}`;
  }
  const constraint = command.arguments[units.argument]?.constraint;
  if (constraint === undefined) return noArgument(command, units.argument);
  const bounded = constraint.kind === 'integer' && constraint.from >= range.from && constraint.to <= range.to;
  return bounded ? undefined : 'Expected an argument with an integer constraint within 1 to 10000';
};

/** A value of the profile is checked here, that of an argument when it comes. */
const valueProblem = (
  { parameters }: DeviceProfile,
  command: CommandProfile,
  { parameter, to }: { readonly parameter: string; readonly to: Source },
): string | undefined => {
  if ('argument' in to) return noArgument(command, to.argument);
  const constraint = parameters[parameter]?.constraint;
  const problem = constraint === undefined ? undefined : expectation(constraint, to.value);
  return problem === undefined ? undefined : `The value ${problem}`;
};
