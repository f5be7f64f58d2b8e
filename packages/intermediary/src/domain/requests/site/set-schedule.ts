import type { SiteService } from './site-service.ts';

/** Replaces what is done by itself. @spec I3 */
export const setSchedule: SiteService<'SetSchedule'> = ({ schedule }, _, { entry }) => {
  schedule.set(entry);
  return { answer: { kind: 'SetScheduleResponse', value: {} }, effect: () => schedule.start() };
};
