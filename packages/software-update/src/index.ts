/** The update protocol: updater and target as pure state machines behind ports. */
export * from './credential/one-time-password.ts';
export * from './credential/target-credential.ts';
export * from './errors.ts';
export * from './journal/steps.ts';
export { admit, type InstalledSoftware } from './manifest/admission.ts';
export { LONGEST_SIGNED_MANIFEST, signManifest, verifyManifest } from './manifest/envelope.ts';
export type { ManifestComponent, SoftwareManifest } from './manifest/manifest.ts';
export * from './manifest/vendor-key.ts';
export type * from './ports/bulk-path.ts';
export type * from './ports/bulk-service.ts';
export type * from './ports/updater-ports.ts';
export type { UpdaterEvent } from './updater/events.ts';
export { advance, type Transition } from './updater/machine.ts';
export { DEFAULT_POLICY, type UpdaterPolicy } from './updater/policy.ts';
export { runUpdate } from './updater/run-update.ts';
export * from './updater/state.ts';
export * from './version-report/bulk-names.ts';
export * from './version-report/version-report.ts';
