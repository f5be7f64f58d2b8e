/** Typed client of the REST API: for the command line, tests and other programs. */
export type {
  IntermediaryView,
  RequestView,
  TimeKeyView,
  VendorKeysView,
} from '../adapters/rest/site-views.ts';
export type {
  DeviceView,
  GapView,
  SoftwareView,
  StepView,
  UpdateView,
} from '../adapters/rest/views.ts';
export { OperatorClient, type OperatorClientOptions, type OrderRequest } from './operator-client.ts';
export type { UpdateEvent } from './update-events.ts';
