import type { SecurePath } from '@postern/software-update';
import type { DeviceCall } from '../requests/ask-device.ts';
import type { Contacts } from './contacts.ts';

/** The ways to devices that are used again and again. */
export interface WaysToDevices {
  readonly callDevice: DeviceCall;
  readonly securePath: SecurePath;
}

/** The same ways, with a note of how each exchange went. */
export const observed = <T extends WaysToDevices>(ways: T, contacts: Contacts): T => ({
  ...ways,
  callDevice: (deviceId, request, signal) =>
    contacts.during(deviceId, signal, () => ways.callDevice(deviceId, request, signal)),
  securePath: {
    share: (job, credential, signal) =>
      contacts.during(job.deviceId, signal, () => ways.securePath.share(job, credential, signal)),
    erase: (job, credential, signal) =>
      contacts.during(job.deviceId, signal, () => ways.securePath.erase(job, credential, signal)),
  },
});
