import type { Device } from '@postern/device-emulator';
import type { ControlledDevice } from './controlled-device.ts';

/**
 * A device of a fleet in this process.
 *
 * @param current the device as it is now: a fleet that was stopped and started again has new ones
 */
export const localDevice = (id: string, current: () => Device): ControlledDevice => ({
  id,
  get versions() {
    return current().versions;
  },
  get panel() {
    return current().panel;
  },
  powerOn: () => current().powerOn(),
  powerOff: () => current().powerOff(),
  setFaults: async (faults) => current().setFaults(faults),
  callService: (call) => current().callService(call),
  orderUpdate: () => current().orderUpdate(),
});
