import type { uplink } from '@postern/contracts';
import { readUnprovedManifest } from '@postern/software-update';
import type { SiteImage } from '../images/receive-image.ts';

/**
 * The images that whoever carries out a request will fetch. Nothing is installed here, so nothing has to be proved: the
 * node above serves what its own order names, and the node below checks the signature.
 *
 * @throws PosternError `manifest-malformed`
 */
export const imagesOf = ({ kind, value }: uplink.RequestBody): readonly SiteImage[] =>
  kind === 'UpdateSoftware' || kind === 'FetchSoftware'
    ? readUnprovedManifest(value.signedManifest).components.map(({ sha256, length }) => ({ sha256, length }))
    : [];
