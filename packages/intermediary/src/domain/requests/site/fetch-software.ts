import { admitSoftware } from '../../shelf/admit-software.ts';
import type { SiteService } from './site-service.ts';

/** Brings software to the shelf ahead of updates. @spec I2 I5 */
export const fetchSoftware: SiteService<'FetchSoftware'> = (
  options,
  facts,
  { signedManifest, keyRotations },
) => {
  const manifest = admitSoftware({ signedManifest, keyRotations: keyRotations?.record ?? [] }, options);
  options.shelf.checkRoom(manifest);
  options.shelfStore.addFetch({ requestId: facts.requestId, signedManifest, manifest });
  return { begin: () => options.fetchSoftware.start(facts) };
};
