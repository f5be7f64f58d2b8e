/** The whole protocol on a virtual clock and an in-memory network, under trouble that is drawn from a seed. */
export { buildCascade, type Cascade, type CascadeOptions, type CascadeSite } from './cascade.ts';
export { type RunReport, runSchedule } from './run-schedule.ts';
export { drawSchedule, type Schedule } from './schedule.ts';
export { Tally } from './tally.ts';
