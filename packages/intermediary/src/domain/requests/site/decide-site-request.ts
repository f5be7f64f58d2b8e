import type { RequestFacts } from '../ports.ts';
import { collectLogs } from './collect-logs.ts';
import { activate, getConnections, searchDevices } from './connections.ts';
import { getCounters } from './counters.ts';
import { fetchSoftware } from './fetch-software.ts';
import { confirmAlive, getDeviceInformation } from './own-state.ts';
import { getParameters, setParameters } from './parameters.ts';
import { setPolling } from './polling.ts';
import { setSchedule } from './set-schedule.ts';
import type { RequestContents, SiteDecision, SiteRequestsOptions, SiteService } from './site-service.ts';

type Kind = keyof RequestContents;

/**
 * What an intermediary does itself, a file a service.
 *
 * @spec I1 I2 I3
 */
const SERVICES: { readonly [K in Kind]?: SiteService<K> } = {
  Activate: activate,
  CollectLogs: collectLogs,
  ConfirmAlive: confirmAlive,
  FetchSoftware: fetchSoftware,
  GetConnections: getConnections,
  GetCounters: getCounters,
  GetDeviceInformation: getDeviceInformation,
  GetParameters: getParameters,
  SearchDevices: searchDevices,
  SetParameters: setParameters,
  SetPolling: setPolling,
  SetSchedule: setSchedule,
};

/**
 * Requests to the intermediary itself, and about whether a device is one of its own.
 *
 * @returns undefined for what an intermediary does not do itself
 * @throws PosternError why the request is refused
 */
export const decideSiteRequest = <K extends Kind>(
  options: SiteRequestsOptions,
  facts: RequestFacts,
  { kind, value }: { readonly kind: K; readonly value: RequestContents[K] },
): SiteDecision | undefined => {
  const service: SiteService<K> | undefined = SERVICES[kind];
  return service?.(options, facts, value);
};
