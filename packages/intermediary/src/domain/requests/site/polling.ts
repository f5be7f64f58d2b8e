import type { SiteService } from './site-service.ts';

/** How often the node above is polled, and how long a poll is held. @spec I1 */
export const setPolling: SiteService<'SetPolling'> = (
  { settings, onSettings },
  _,
  { intervalSeconds, holdSeconds },
) => {
  const wanted = { 'polling.interval': intervalSeconds, 'polling.hold': holdSeconds };
  settings.set({ item: Object.entries(wanted).map(([name, value]) => ({ name, value: `${value}` })) });
  return { answer: { kind: 'SetPollingResponse', value: {} }, effect: onSettings };
};
