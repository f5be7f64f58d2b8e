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
