import type { Device } from '../device.ts';

/** What the page sees of a device, and the keys that it presses. */
export type PageDevice = Pick<
  Device,
  | 'id'
  | 'view'
  | 'callService'
  | 'orderUpdate'
  | 'pressEnergySaver'
  | 'pressStart'
  | 'cancelJob'
  | 'trouble'
  | 'mend'
  | 'refill'
  | 'powerOn'
  | 'powerOff'
>;
