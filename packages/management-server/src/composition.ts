/**
 * The management server for whoever brings his own adapters: a simulation on a virtual clock and an in-memory network.
 * Not for other tiers.
 */
export { openStoresAt, type SqliteStores } from './adapters/sqlite/stores.ts';
export type { TimeKey } from './adapters/time-key.ts';
export { createUplinkService, type UplinkParts } from './adapters/uplink/uplink-service.ts';
export { composeDomain, type Domain, type DomainParts } from './compose.ts';
export { parseServerConfig, type ServerConfig } from './config.ts';
export type { Stores } from './domain/ports.ts';
export type { UpdateRecord } from './domain/records.ts';
export { registerSoftware } from './domain/register-software.ts';
export type { UpdateOrder } from './domain/updates.ts';
export { type OperatorUseCases, operatorUseCases } from './use-cases/operator-use-cases.ts';
