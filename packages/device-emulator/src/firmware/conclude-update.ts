import { createHmac } from 'node:crypto';
import type { device } from '@postern/contracts';
import type { Entropy } from '@postern/core';
import type { CallContext } from '@postern/soap-rpc';
import type { Invalidation } from '@postern/software-update';
import type { DeviceMemory } from '../adapters/flash/nv-ram.ts';
import { deviceError } from '../errors.ts';
import { requireOwnName } from './authorisation.ts';
import type { CredentialService } from './credential-operations.ts';
import type { UseLink } from './intermediary-link.ts';

export interface ConcludeService extends CredentialService {
  readonly entropy: Entropy;
  readonly nvRam: DeviceMemory;
  readonly useLink: UseLink;
  /** Aborts when the device goes down. */
  readonly signal: AbortSignal;
}

/**
 * The updater has decided the update: ends the device's own password, then tells the intermediary so, then answers
 * (S421–S425, Fig 24). Asked again, it tells again: the earlier answer, or the earlier notice, may have been lost.
 *
 * @throws PosternError `not-authorised`, `intermediary-only`, `link-too-weak`, and those of `IntermediaryLink.erasePassword`
 * @spec U18 U11
 */
export const concludeUpdate = async (
  service: ConcludeService,
  { userName, jobId, invalidation }: device.ConcludeUpdate,
  { peer }: CallContext,
): Promise<device.ConcludeUpdateResponse> => {
  const { settings } = service.information;
  requireOwnName(service.callers, userName, peer);
  if (userName !== settings.intermediary.name) {
    throw deviceError('intermediary-only', 'The device tells nobody but its intermediary of an erasure');
  }
  if (settings.secureLink === 'intermediary-authenticated') {
    throw deviceError('link-too-weak', 'This device cannot vouch for an erasure');
  }
  await service.target.endCredential(invalidation === 'request' ? 'invalidate' : 'erase', userName, jobId);
  const erasurePassword = await erasurePasswordFor(service, invalidation, userName);
  await service.useLink((link) =>
    link.erasePassword(
      { jobId, ...(erasurePassword === undefined ? {} : { erasurePassword }) },
      service.signal,
    ),
  );
  return { jobId };
};

/** What the intermediary is to overwrite its copy with; nothing when it shall only forget it. */
const erasurePasswordFor = async (
  { entropy, nvRam, information }: ConcludeService,
  invalidation: Invalidation,
  userName: string,
): Promise<string | undefined> => {
  if (invalidation === 'request') return undefined;
  const { id, erasure } = information.settings;
  const asked = invalidation === 'overwrite-fixed' ? 'fixed' : 'random';
  if ((erasure ?? asked) === 'random') return Buffer.from(entropy.bytes(32)).toString('base64url');
  return createHmac('sha256', Buffer.from(await erasureSecret(nvRam, entropy), 'hex'))
    .update(['postern-erasure-1', id, userName].join('\0'))
    .digest('base64url');
};

/** Made when it is first needed, and the same from then on; hexadecimal. */
const erasureSecret = async (nvRam: DeviceMemory, entropy: Entropy): Promise<string> => {
  const fresh = Buffer.from(entropy.bytes(32)).toString('hex');
  await nvRam.update((content) =>
    content.erasureSecret === undefined ? { ...content, erasureSecret: fresh } : content,
  );
  return nvRam.content.erasureSecret ?? fresh;
};
