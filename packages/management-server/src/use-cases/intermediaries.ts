import { Hours, toSeconds } from '@postern/core';
import { z } from 'zod';
import { type KnownIntermediary, knownIntermediaries } from '../domain/known-intermediaries.ts';
import type { LastSeen } from '../domain/last-seen.ts';
import type { Stores } from '../domain/ports.ts';
import type { SiteRequests } from '../domain/site-requests.ts';
import { identifier, nodeName, pageOf, pageQuery, seconds, valid } from './input.ts';
import { type RequestView, requestView } from './request-views.ts';
import type { IntermediaryView } from './site-views.ts';
import { type Page, timeOrNull } from './views.ts';

export interface IntermediaryParts {
  readonly stores: Stores;
  readonly siteRequests: SiteRequests;
  readonly lastSeen: LastSeen;
}

const DEFAULT_DEADLINE = Hours(24);

const fetch = z.strictObject({
  software: identifier,
  deadlineSeconds: seconds.default(toSeconds(DEFAULT_DEADLINE)),
});
const siteQuery = pageQuery.extend({ after: nodeName.optional() });

/** Intermediaries as operators deal with them. */
export interface IntermediaryUseCases {
  /** By name. */
  list(query: unknown): Page<IntermediaryView>;
  /** Has a site fetch software ahead of any update. */
  fetchSoftware(
    name: unknown,
    body: unknown,
  ): Promise<{ readonly created: boolean; readonly view: RequestView }>;
}

export const intermediaryUseCases = ({
  stores,
  siteRequests,
  lastSeen,
}: IntermediaryParts): IntermediaryUseCases => ({
  list: (query) => {
    const { limit, after = '' } = valid(siteQuery, query);
    const items = knownIntermediaries({ stores, lastSeen })
      .filter(({ name }) => name > after)
      .slice(0, limit);
    return pageOf(items, limit, ({ name }) => name, intermediaryView);
  },
  fetchSoftware: async (name, body) => {
    const intermediary = valid(nodeName, name, 'name');
    const { software: softwareId, deadlineSeconds } = valid(fetch, body);
    const { created, request } = await siteRequests.fetchSoftware({
      intermediary,
      softwareId,
      deadlineSeconds,
    });
    return { created, view: requestView(request) };
  },
});

const intermediaryView = ({ name, lastContact, via, route }: KnownIntermediary): IntermediaryView => ({
  name,
  lastSeen: timeOrNull(lastContact),
  via: via ?? null,
  route,
});
