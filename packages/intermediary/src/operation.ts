/**
 * The operation port of a running intermediary, for commands and scripts of its operator; and bundles, as they go through it.
 */

export { type BundleContent, bundleEntries, writeBundleFolder, writeBundleTar } from '@postern/storage';
export { bundleBytes, bundleParts } from './adapters/operation-port/bundle-source.ts';
export {
  OperationClient,
  type WireAnswer,
  type WireOrder,
  type WireRequest,
} from './adapters/operation-port/client.ts';
export { operationSocket } from './adapters/operation-port/socket-path.ts';
export {
  type WireConnection,
  type WireDevice,
  type WireEvent,
  type WireFoundDevice,
  type WirePlannedTask,
  type WireSearchEvent,
  type WireSoftware,
  type WireStep,
  type WireUpdate,
  type WireUpdateDetails,
  wireEvent,
  wireUpdate,
} from './adapters/operation-port/wire.ts';
export type { SiteStatus } from './domain/local/site-operations.ts';
export type { SearchQuery } from './domain/search/search.ts';
export type { BundlePart } from './domain/shelf/software-intake.ts';
