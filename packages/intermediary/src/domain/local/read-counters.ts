import { answered } from './answered.ts';
import type { DeviceReading } from './device-round.ts';

/** The counters of every device, as they are. @spec I2 I3 */
export const counterReading: DeviceReading = {
  task: 'read-counters',
  question: () => ({ kind: 'GetCounters', value: {} }),
  news: (_, answer) => {
    const body = answered('GetCountersResponse', answer);
    return body.value.counters.item.length === 0 ? undefined : { body };
  },
};
