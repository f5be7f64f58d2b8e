import { Hours, toSeconds } from '@postern/core';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { type KnownIntermediary, knownIntermediaries } from '../../domain/known-intermediaries.ts';
import type { LastSeen } from '../../domain/last-seen.ts';
import type { Stores } from '../../domain/ports.ts';
import type { SiteRequests } from '../../domain/site-requests.ts';
import { requestView } from './request-views.ts';
import type { IntermediaryView } from './site-views.ts';
import { identifier, nodeName, pageOf, pageQuery, seconds, valid } from './validate.ts';
import { timeOrNull } from './views.ts';

export interface SiteRoutesParts {
  readonly stores: Stores;
  readonly siteRequests: SiteRequests;
  readonly lastSeen: LastSeen;
}

const DEFAULT_DEADLINE = Hours(24);

const fetch = z.strictObject({
  software: identifier,
  deadlineSeconds: seconds.default(toSeconds(DEFAULT_DEADLINE)),
});
const site = z.strictObject({ name: nodeName });
const siteQuery = pageQuery.extend({ after: nodeName.optional() });

/** Intermediaries, and the software that is brought to them. */
export const siteRoutes =
  ({ stores, siteRequests, lastSeen }: SiteRoutesParts) =>
  async (app: FastifyInstance): Promise<void> => {
    app.get('/intermediaries', async (request) => {
      const { limit, after = '' } = valid(siteQuery, request.query);
      const items = knownIntermediaries({ stores, lastSeen })
        .filter(({ name }) => name > after)
        .slice(0, limit);
      const view = ({ name, lastContact, via, route }: KnownIntermediary): IntermediaryView => ({
        name,
        lastSeen: timeOrNull(lastContact),
        via: via ?? null,
        route,
      });
      return pageOf(items, limit, ({ name }) => name, view);
    });

    app.post('/intermediaries/:name/software', async (request, reply) => {
      const { name: intermediary } = valid(site, request.params);
      const { software: softwareId, deadlineSeconds } = valid(fetch, request.body);
      const result = await siteRequests.fetchSoftware({ intermediary, softwareId, deadlineSeconds });
      reply.code(result.created ? 201 : 200).header('location', `/api/v1/requests/${result.request.id}`);
      return requestView(result.request);
    });
  };
