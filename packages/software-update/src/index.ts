/** The update protocol: updater and target as pure state machines behind ports. */
export type {
  BulkCode,
  BulkEndpoint,
  BulkLogin,
  BulkPath,
  BulkSession,
} from './ports/bulk-path.ts';
export type {
  BulkEntry,
  BulkReceiver,
  BulkService,
  BulkServiceSession,
} from './ports/bulk-service.ts';
