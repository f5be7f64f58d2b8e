import { createHash } from 'node:crypto';
import { clientTlsOptions } from '@postern/pki';
import type { Check } from '../check.ts';
import { get, type HttpAnswer } from '../http/get.ts';
import { failed } from '../verdicts.ts';
import type { PlayedIntermediary } from './played-intermediary.ts';
import type { UplinkTarget } from './uplink-target.ts';

/** Asks for an image as that intermediary. */
export const getImage = (
  { address }: PlayedIntermediary,
  sha256: string,
  signal: AbortSignal,
  headers: Record<string, string> = {},
): Promise<HttpAnswer> =>
  get(
    new URL(`/images/${sha256}`, address.url).href,
    clientTlsOptions(address.node, { expect: address.expect }),
    { signal, headers },
  );

/** Images, which stand beside the contract. */
export const imageChecks: readonly Check<UplinkTarget>[] = [
  {
    id: 'image-unknown',
    title: 'an image that is not there is answered with 404',
    section: 'uplink.wsdl, RFC 9110 §15.5.5',
    level: 'required',
    run: async ({ site }, signal) => {
      const sha256 = createHash('sha256').update(site.newId()).digest('hex');
      const { status } = await getImage(site, sha256, signal);
      if (status === 404) return;
      throw failed(`The status was ${status}`, 'Answer 404: the intermediary then knows not to ask again.');
    },
  },
];
