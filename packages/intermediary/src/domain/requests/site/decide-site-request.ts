import type { RequestFacts } from '../ports.ts';
import { activate, getConnections, searchDevices } from './connections.ts';
import { fetchSoftware } from './fetch-software.ts';
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
  FetchSoftware: fetchSoftware,
  GetConnections: getConnections,
  SearchDevices: searchDevices,
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
