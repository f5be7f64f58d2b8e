import type { Closers } from '@postern/core';
import { type SiteImages, siteImages } from '../domain/images/site-images.ts';
import { FetchSoftware, noDownload } from '../domain/shelf/fetch-software.ts';
import { Shelf } from '../domain/shelf/shelf.ts';
import { SoftwareIntake } from '../domain/shelf/software-intake.ts';
import type { Outgoing } from '../domain/uplink/outgoing.ts';
import type { SiteTrust } from '../domain/vendor-trust.ts';
import type { IntermediaryParts } from './parts.ts';

export interface Software {
  readonly images: SiteImages;
  readonly shelf: Shelf;
  readonly intake: SoftwareIntake;
  readonly fetchSoftware: FetchSoftware;
}

/** Images, and the software that the site may install on its own. */
export const composeSoftware = (
  { config, stores, outside, clock, logger }: IntermediaryParts,
  trust: SiteTrust,
  outgoing: Outgoing,
  ending: Closers,
  neededByUpdates: () => ReadonlySet<string>,
): Software => {
  const shelf = new Shelf({ store: stores.shelf, ...config.shelf, clock, logger });
  const images = siteImages({
    store: stores.images,
    download: outside.uplink?.download ?? noDownload,
    clock,
    needed: () =>
      new Set([...neededByUpdates(), ...shelf.pinned(), ...intake.pinned(), ...stores.passing.images()]),
  });
  const intake = new SoftwareIntake({ shelf, images, trust, clock });
  const fetchSoftware = new FetchSoftware({
    shelf,
    store: stores.shelf,
    requests: stores.requests,
    images,
    onProgress: (requestId, progress) => outgoing.notices.tell(requestId, { progress }),
    onAnswered: (requestId) => outgoing.answered(requestId),
    clock,
    logger,
  });
  ending.add(() => fetchSoftware.close());
  return { images, shelf, intake, fetchSoftware };
};
