/** Typed client of the REST API: for the command line, tests and other programs. */
export type { NoticeView } from '../adapters/rest/notice-views.ts';
export type { CountsByState, OrderView, RequestView } from '../adapters/rest/request-views.ts';
export type {
  IntermediaryView,
  TimeKeyView,
  VendorKeysView,
} from '../adapters/rest/site-views.ts';
export type {
  CounterView,
  DeviceView,
  GapView,
  SoftwareView,
  StepView,
  UpdateView,
} from '../adapters/rest/views.ts';
export { hasEnded, REQUEST_STATES, type RequestState } from '../domain/requests/request-state.ts';
export type { NoticeWatchEvent } from './notice-events.ts';
export {
  type NoticeListFilter,
  OperatorClient,
  type OperatorClientOptions,
  type OrderRequest,
  type RequestListFilter,
  type RequestsOrder,
} from './operator-client.ts';
export type { UpdateEvent } from './update-events.ts';
