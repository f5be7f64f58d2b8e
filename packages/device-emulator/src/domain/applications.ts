import { deviceError } from '../errors.ts';

/** A stopped application refuses jobs; those that it had taken before go on. */
export type ApplicationState = 'running' | 'stopped';

export interface Application {
  readonly name: string;
  readonly state: ApplicationState;
}

/** The part of NV-RAM that says which applications are stopped; every other one runs. */
export interface ApplicationMemory {
  readonly stoppedApplications?: readonly string[];
}

/**
 * The applications of a device, in the order of its profile.
 *
 * @param names what the device has by its profile
 */
export const applicationsOf = (
  names: readonly string[],
  { stoppedApplications = [] }: ApplicationMemory,
): readonly Application[] =>
  names.map((name) => ({ name, state: stoppedApplications.includes(name) ? 'stopped' : 'running' }));

/**
 * NV-RAM with an application started or stopped, as a pure function: whoever saves it can save more in the same write.
 *
 * @throws PosternError `application-unknown`
 */
export const withApplication = <T extends ApplicationMemory>(
  names: readonly string[],
  content: T,
  { name, state }: Application,
): T => {
  requireKnown(names, name);
  const others = (content.stoppedApplications ?? []).filter((stopped) => stopped !== name);
  return { ...content, stoppedApplications: state === 'stopped' ? [...others, name] : others };
};

/**
 * Lets a job pass only to an application that runs.
 *
 * @throws PosternError `application-unknown`, `application-stopped`
 * @spec D3
 */
export const requireRunning = (names: readonly string[], content: ApplicationMemory, name: string): void => {
  requireKnown(names, name);
  if (content.stoppedApplications?.includes(name)) {
    throw deviceError('application-stopped', `The application ${name} is stopped`);
  }
};

const requireKnown = (names: readonly string[], name: string): void => {
  if (names.includes(name)) return;
  throw deviceError(
    'application-unknown',
    `The device has no application ${JSON.stringify(name.slice(0, 64))}`,
  );
};
