import type { types, uplink } from '@postern/contracts';
import { type Duration, Milliseconds } from '@postern/core';
import { failed, requireDocumented } from '../verdicts.ts';
import type { Happenings } from './happenings.ts';
import type { IntermediaryTarget } from './intermediary-target.ts';

/** What every device can be asked, and what changes nothing. */
export const GET_COUNTERS = { kind: 'GetCounters', value: {} } as const;

/** For what waits for a pause of the other side, too. */
export const twice = (duration: Duration): Duration => Milliseconds(2 * duration);

/** Waits for the response to a request. */
export const responseTo = (
  happenings: Happenings,
  requestId: string,
  { what, within }: { readonly what: string; readonly within: Duration },
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

/**
 * The failure that a response tells of.
 *
 * @throws PosternError `not-conforming` when it tells of none, or by a code that nobody knows; `not-offered`
 */
export const failureOf = (body: uplink.ResponseBody): types.Failure => {
  if (body.kind !== 'Failure') {
    throw failed(`The response is a ${body.kind}`, 'Answer with a Failure that says why it cannot be done.');
  }
  requireDocumented(body.value);
  return body.value;
};

/** Sends a request for the played device down and waits for what comes up. */
export const ask = (
  { server, device, happenings, soon }: IntermediaryTarget,
  body: uplink.RequestBody,
  signal: AbortSignal,
): Promise<uplink.ResponseBody> =>
  responseTo(
    happenings,
    server.script.order({ body, target: device.id }),
    { what: body.kind, within: soon },
    signal,
  );

/** Waits until the intermediary polls, and knows the played device as it is now. */
export const ready = async (target: IntermediaryTarget, signal: AbortSignal): Promise<void> => {
  await target.firstPoll(target.soon, signal);
  await target.register(target.device, signal);
};

/** Waits until something that a device said has come up. */
export const deliveryOf = (
  { happenings, soon }: IntermediaryTarget,
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
      within: soon,
      from,
    },
    signal,
  );
