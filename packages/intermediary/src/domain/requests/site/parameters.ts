import type { SiteService } from './site-service.ts';

const nothing = (): void => {};

/** The intermediary's own settings. @spec I1 I3 */
export const getParameters: SiteService<'GetParameters'> = ({ settings }, _, { names }) => {
  const value = { parameters: settings.list(names?.name) };
  return { answer: { kind: 'GetParametersResponse', value }, effect: nothing };
};

/** All or nothing. @spec I1 I3 */
export const setParameters: SiteService<'SetParameters'> = ({ settings, onSettings }, _, { parameters }) => {
  settings.set(parameters);
  const value = { parameters: settings.list(parameters.item.map(({ name }) => name)) };
  return { answer: { kind: 'SetParametersResponse', value }, effect: onSettings };
};
