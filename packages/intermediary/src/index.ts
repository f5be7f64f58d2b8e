/** The intermediary behind a site's firewall: calls out to the server, updates the site's devices. */
export {
  type BuiltInIntermediary,
  type DevicePowerEvent,
  startBuiltIn,
} from './built-in/built-in-intermediary.ts';
export { type IntermediaryConfig, type IntermediaryConfigInput, parseConfig } from './config.ts';
export { INTERMEDIARY_ERRORS, type IntermediaryCode } from './errors.ts';
export { type Intermediary, startIntermediary } from './main.ts';
export type { Surroundings } from './start/site.ts';
