import type { uplink } from '@postern/contracts';
import { after, type Clock, type Duration, type Entropy, PosternError, randomId } from '@postern/core';
import type { Adoption } from '../connections/adoption.ts';
import type { DeviceRequests } from './device-requests.ts';
import { notSupportedYet } from './not-supported.ts';
import type { RequestStore } from './ports.ts';
import { isDeviceRequest } from './request-kinds.ts';
import { decideSiteRequest } from './site/decide-site-request.ts';
import type { SiteRequestsOptions } from './site/site-service.ts';

export interface AskLocallyOptions {
  readonly site: SiteRequestsOptions;
  readonly deviceRequests: Pick<DeviceRequests, 'ask'>;
  readonly adoption: Pick<Adoption, 'requireActive'>;
  readonly requests: Pick<RequestStore, 'transaction'>;
  readonly clock: Clock;
  readonly entropy: Entropy;
}

/** Carries out a request of somebody at the site. @throws PosternError why not, the device's own code included */
export type AskLocally = (
  target: string,
  body: uplink.RequestBody,
  expiresIn: Duration,
  signal: AbortSignal,
) => Promise<Exclude<uplink.ResponseBody, { readonly kind: 'Failure' }>>;

/**
 * Requests on the spot: decided and carried out as those from above, but whoever asked waits for the answer, so nothing
 * of them is stored.
 *
 * @spec I4
 */
export const askLocally =
  ({ site, deviceRequests, adoption, requests, clock, entropy }: AskLocallyOptions): AskLocally =>
  async (target, body, expiresIn, signal) => {
    const requestId = `local-${randomId(entropy)}`;
    const expiresAt = after(clock.now(), expiresIn);
    adoption.requireActive(target);
    const here = target === site.name ? decideHere() : undefined;
    if (here !== undefined) {
      here.effect();
      return succeeded(here.answer);
    }
    if (!isDeviceRequest(body)) throw notSupportedYet(`${body.kind} on the spot`);
    return succeeded(await deviceRequests.ask({ requestId, deviceId: target, body }, expiresAt, signal));

    function decideHere() {
      return requests.transaction(() => {
        const decision = decideSiteRequest(site, { requestId, target, kind: body.kind, expiresAt }, body);
        // Thrown inside, so that nothing of it stays.
        if (decision !== undefined && 'begin' in decision) throw notSupportedYet(`${body.kind} on the spot`);
        return decision;
      });
    }
  };

const succeeded = (body: uplink.ResponseBody): Exclude<uplink.ResponseBody, { readonly kind: 'Failure' }> => {
  if (body.kind !== 'Failure') return body;
  const { code, message, hint } = body.value;
  throw new PosternError(code, message, hint === undefined ? {} : { hint });
};
