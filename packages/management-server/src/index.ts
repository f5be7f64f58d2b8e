/** The management server. Start reading at `main.ts`. */
export type { Problem } from './adapters/problem.ts';
export type {
  IntermediaryView,
  RequestView,
  TimeKeyView,
  VendorKeysView,
} from './adapters/rest/site-views.ts';
export type {
  AuditView,
  DeviceView,
  GapView,
  Page,
  SoftwareView,
  StepView,
  UpdateView,
} from './adapters/rest/views.ts';
export { parseServerConfig, type ServerConfig, type ServerConfigInput } from './config.ts';
export { OPEN_STATES, UPDATE_STATES, type UpdateState } from './domain/update-state.ts';
export { SERVER_ERRORS, type ServerCode } from './errors.ts';
export { type ManagementServer, type ServerPorts, startManagementServer } from './main.ts';
