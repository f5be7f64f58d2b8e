/** Typed client of the REST API: for the command line, tests and other programs. */

export { hasEnded, REQUEST_STATES, type RequestState } from '../domain/requests/request-state.ts';
export type { NoticeView } from '../use-cases/notice-views.ts';
export type { CountsByState, OrderView, RequestView } from '../use-cases/request-views.ts';
export type {
  IntermediaryView,
  TimeKeyView,
  VendorKeysView,
} from '../use-cases/site-views.ts';
export type {
  CounterView,
  DeviceView,
  GapView,
  SoftwareView,
  StepView,
  UpdateView,
} from '../use-cases/views.ts';
export type { DeviceListFilter } from './fleet-calls.ts';
export type { NoticeListFilter } from './notice-calls.ts';
export type { NoticeWatchEvent } from './notice-events.ts';
export { createOperatorClient, type OperatorClient } from './operator-client.ts';
export type { RequestListFilter, RequestsOrder } from './request-calls.ts';
export type { OperatorClientOptions } from './rest-connection.ts';
export type { OrderRequest } from './update-calls.ts';
export type { UpdateEvent } from './update-events.ts';
