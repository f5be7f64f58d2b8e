/** Typed client of the REST API: for the command line, tests and other programs. */
export { OperatorClient, type OperatorClientOptions } from './operator-client.ts';
export type { UpdateEvent } from './update-events.ts';
export type * from './views.ts';
