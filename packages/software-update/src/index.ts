/** The update protocol: updater and target as pure state machines behind ports. */
export * from './credential/one-time-password.ts';
export * from './credential/password-list.ts';
export * from './credential/plain-request-code.ts';
export * from './credential/target-credential.ts';
export * from './errors.ts';
export { orderSteps, type SchemeSteps, stepsOf } from './journal/figures.ts';
export * from './journal/steps.ts';
export { admit, type InstalledSoftware } from './manifest/admission.ts';
export type { Signer } from './manifest/envelope.ts';
export * from './manifest/key-rotation.ts';
export type { ManifestComponent, SoftwareManifest } from './manifest/manifest.ts';
export {
  LONGEST_SIGNED_MANIFEST,
  readUnprovedManifest,
  signManifest,
  verifyManifest,
} from './manifest/signed-manifest.ts';
export * from './manifest/signed-time.ts';
export * from './manifest/vendor-key.ts';
export {
  decodeTrust,
  encodeTrust,
  MOST_KEYS,
  MOST_SIGNATURES,
  pinVendorKeys,
  type StoredTrust,
  type VendorTrust,
} from './manifest/vendor-trust.ts';
export type * from './ports/bulk-path.ts';
export type * from './ports/bulk-service.ts';
export type * from './ports/target-ports.ts';
export type * from './ports/updater-ports.ts';
export * from './scheme/assurance.ts';
export * from './scheme/judge-scheme.ts';
export * from './scheme/update-scheme.ts';
export * from './target/boot.ts';
export { type BootedTarget, type BootPorts, bootTarget, confirmStart } from './target/boot-target.ts';
export type { IncomingCredential } from './target/incoming-credential.ts';
export type { VendorNews } from './target/manifest-judge.ts';
export type { ListState, PasswordMark } from './target/marked-password.ts';
export { factoryRecord, type Installation, type TargetRecord } from './target/record.ts';
export type { StartNotice } from './target/reports.ts';
export { expiryAfter, UpdateTarget } from './target/update-target.ts';
export type { UpdaterEvent } from './updater/events.ts';
export { advance } from './updater/machine.ts';
export { DEFAULT_POLICY, type UpdaterPolicy } from './updater/policy.ts';
export { runUpdate } from './updater/run-update.ts';
export * from './updater/state.ts';
export type { Transition } from './updater/transition.ts';
export * from './version-report/bulk-names.ts';
export * from './version-report/version-report.ts';
