import type { uplink } from '@postern/contracts';
import { type Duration, Seconds } from '@postern/core';
import { failed } from '../verdicts.ts';
import type { Happenings } from './happenings.ts';

/** As long as an intermediary may take for what it can do at once. */
export const SOON = Seconds(20);

/** Waits for the response to a request. */
export const responseTo = (
  happenings: Happenings,
  requestId: string,
  { what, within = SOON }: { readonly what: string; readonly within?: Duration },
  signal: AbortSignal,
): Promise<uplink.ResponseBody> =>
  happenings.first(
    'poll',
    ({ poll }) => poll.responses?.response.find((one) => one.requestId === requestId)?.body,
    {
      otherwise: `The request ${what} was not answered`,
      next: 'Put its response into a Poll: what the device answered, or a Failure that says why there is none.',
      within,
    },
    signal,
  );

type Content<K> = Extract<uplink.ResponseBody, { readonly kind: K }>['value'];

/** The content of a response of this kind. @throws PosternError `not-conforming` for any other */
export const contentOf = <K extends uplink.ResponseBody['kind']>(
  kind: K,
  body: uplink.ResponseBody,
): Content<K> => {
  if (body.kind === kind) return body.value as Content<K>;
  const told = body.kind === 'Failure' ? `: ${body.value.message} (${body.value.code})` : '';
  throw failed(`The response is a ${body.kind}${told}`, `Answer with ${kind}.`);
};

/** Waits until something that a device said has come up. */
export const deliveryOf = (
  happenings: Happenings,
  find: (delivery: uplink.Deliver) => boolean,
  { what, from }: { readonly what: string; readonly from: number },
  signal: AbortSignal,
): Promise<uplink.Deliver> =>
  happenings.first(
    'delivery',
    ({ delivery }) => (find(delivery) ? delivery : undefined),
    {
      otherwise: `${what} was not delivered`,
      next: 'Send what a device says up with Deliver, and again until it is answered.',
      within: SOON,
      from,
    },
    signal,
  );
