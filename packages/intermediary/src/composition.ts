/**
 * The intermediary for whoever brings his own adapters: a simulation on a virtual clock and an in-memory network. Not
 * for other tiers.
 */
export { type DatabaseStores, openDatabaseStores } from './adapters/database/stores.ts';
export * from './compose.ts';
export { type IntermediaryConfig, type IntermediaryConfigInput, parseConfig } from './config.ts';
export type * from './domain/images/ports.ts';
export type { Notices } from './domain/notices.ts';
