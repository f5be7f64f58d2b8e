import { intermediaryError } from '../../../errors.ts';
import type { SiteService } from './site-service.ts';

/** What the intermediary has done since it was started, and what waits. @spec I2 */
export const getCounters: SiteService<'GetCounters'> = ({ counters }, _, { names }) => {
  const counts = counters();
  const wanted = names?.name ?? Object.keys(counts);
  const item = wanted.map((name) => {
    const value = Object.hasOwn(counts, name) ? counts[name] : undefined;
    if (value === undefined)
      throw intermediaryError('counter-unknown', `An intermediary does not count ${name}`);
    return { name, value };
  });
  return { answer: { kind: 'GetCountersResponse', value: { counters: { item } } }, effect: () => {} };
};
