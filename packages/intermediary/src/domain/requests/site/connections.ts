import type { SiteService } from './site-service.ts';

/** Which devices belong to the site. @spec I1 I3 */
export const activate: SiteService<'Activate'> = ({ connections }, facts, value) =>
  connections.decide(facts, { kind: 'Activate', value });

/** @spec I3 */
export const searchDevices: SiteService<'SearchDevices'> = ({ connections }, facts, value) =>
  connections.decide(facts, { kind: 'SearchDevices', value });

/** @spec I3 */
export const getConnections: SiteService<'GetConnections'> = ({ connections }, facts, value) =>
  connections.decide(facts, { kind: 'GetConnections', value });
