/** A device of another vendor that implements only the patent's part. */
export { type PatentDevice, type PatentDeviceOptions, startPatentDevice } from './patent-device.ts';
