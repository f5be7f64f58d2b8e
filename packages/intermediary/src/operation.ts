/** The operation port of a running intermediary, for commands and scripts of its operator. */
export { OperationClient, type WireOrder } from './adapters/operation-port/client.ts';
export { operationSocket } from './adapters/operation-port/socket-path.ts';
export type * from './adapters/operation-port/wire.ts';
export type { SiteStatus } from './domain/local/site-operations.ts';
