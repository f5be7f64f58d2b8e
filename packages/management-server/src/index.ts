/** The management server. Start reading at `main.ts`. */

export { openOperatorToken } from './adapters/operator-access/operator-token.ts';
export type { Problem } from './adapters/problem.ts';
export { parseServerConfig, type ServerConfig, type ServerConfigInput } from './config.ts';
export { hasEnded, REQUEST_STATES, type RequestState } from './domain/requests/request-state.ts';
export { OPEN_STATES, UPDATE_STATES, type UpdateState } from './domain/update-state.ts';
export { SERVER_ERRORS, type ServerCode } from './errors.ts';
export { type ManagementServer, type ServerPorts, startManagementServer } from './main.ts';
export type { CountsByState, OrderView, RequestView } from './use-cases/request-views.ts';
export type {
  IntermediaryView,
  TimeKeyView,
  VendorKeysView,
} from './use-cases/site-views.ts';
export type {
  AuditView,
  CounterView,
  DeviceView,
  GapView,
  Page,
  SoftwareView,
  StepView,
  UpdateView,
} from './use-cases/views.ts';
