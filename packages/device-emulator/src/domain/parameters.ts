import { deviceError } from '../errors.ts';
import { expectation } from './constraint.ts';
import { type DeviceProfile, factoryParameters } from './profile.ts';

/** The part of NV-RAM that holds them. */
export interface ParameterMemory {
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Setting {
  readonly name: string;
  readonly value: string;
}

/** All parameters of a device; one that NV-RAM does not know yet has the factory's value. */
export const parametersOf = (
  profile: DeviceProfile,
  { parameters }: ParameterMemory,
): Readonly<Record<string, string>> => ({ ...factoryParameters(profile), ...parameters });

/**
 * Checks what somebody wants to set: all of it, before any of it is.
 *
 * @throws PosternError `parameter-unknown`, `parameter-read-only`, `parameter-invalid`
 */
export const checkSettings = (profile: DeviceProfile, settings: readonly Setting[]): void => {
  const seen = new Set<string>();
  for (const { name, value } of settings) {
    if (seen.has(name)) throw deviceError('parameter-invalid', `${name} is given twice`);
    seen.add(name);
    const known = Object.hasOwn(profile.parameters, name) ? profile.parameters[name] : undefined;
    if (known === undefined) throw deviceError('parameter-unknown', `The device has no parameter ${name}`);
    if (known.readOnly) throw deviceError('parameter-read-only', `${name} cannot be set from outside`);
    const problem = expectation(known.constraint, value);
    if (problem !== undefined) throw deviceError('parameter-invalid', `${name} ${problem}`);
  }
};

/** NV-RAM with other values. */
export const withSettings = <T extends ParameterMemory>(content: T, settings: readonly Setting[]): T => ({
  ...content,
  parameters: {
    ...content.parameters,
    ...Object.fromEntries(settings.map(({ name, value }) => [name, value])),
  },
});
