/** The conventional scheme (Fig 26): fixed ID and password. A baseline to compare with and to attack, nothing else. */
export {
  type ConventionalDevice,
  type ConventionalDeviceOptions,
  type FixedLogin,
  startConventionalDevice,
} from './conventional-device.ts';
export {
  type ConventionalOutcome,
  type ConventionalUpdate,
  updateConventionally,
} from './conventional-updater.ts';
