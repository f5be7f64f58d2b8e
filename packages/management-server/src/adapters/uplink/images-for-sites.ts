import type { Clock, Logger } from '@postern/core';
import { createImageRoute, type HttpRoute } from '@postern/soap-rpc';
import type { ImageStore } from '@postern/storage';
import type { SoftwareStore } from '../../domain/ports.ts';
import type { UplinkAdmission } from '../../domain/uplink-admission.ts';
import { serverError } from '../../errors.ts';
import { problemOf } from '../problem.ts';

export interface ImagesForSitesParts {
  readonly admission: UplinkAdmission;
  readonly images: ImageStore;
  readonly software: Pick<SoftwareStore, 'needsImage'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Serves images to intermediaries. One can read an image only while an open update of a device below it installs it, or
 * while it is asked to fetch it; any other answer is "not found", so that none can be probed for.
 */
export const imagesForSites = ({
  admission,
  images,
  software,
  clock,
  logger,
}: ImagesForSitesParts): HttpRoute =>
  createImageRoute({
    find: async (peer, sha256) => {
      const intermediary = admission.admit(peer, 'image');
      const image = software.needsImage(intermediary, sha256) ? await images.stat(sha256) : undefined;
      if (image === undefined) {
        throw serverError('image-missing', 'There is no such image for this intermediary');
      }
      return { length: image.length, open: (range) => images.openRead(sha256, range) };
    },
    refuse: serverError,
    refusal: (error) => problemOf(error, logger),
    clock,
    logger,
  });
