import { uplinkContract } from '@postern/contracts';
import type { Duration, Logger } from '@postern/core';
import { answerPoll, createSoapService, type SoapService } from '@postern/soap-rpc';
import type { Cascade } from '../../composition/compose-cascade.ts';
import type { ForwardedDeliveries } from '../../domain/below/forwarded-deliveries.ts';
import { INTERMEDIARY_ERRORS, intermediaryError } from '../../errors.ts';

export interface BelowServiceParts {
  readonly cascade: Cascade;
  readonly forwarded: Pick<ForwardedDeliveries, 'deliver'>;
  readonly hold: Duration;
  readonly nextPoll: Duration;
  readonly logger: Logger;
}

/**
 * The uplink contract as an intermediary serves it, to intermediaries below that prove their names.
 *
 * @spec T2
 */
export const belowService = ({
  cascade,
  forwarded,
  hold: holdAtMost,
  nextPoll,
  logger,
}: BelowServiceParts): SoapService => {
  const { admission, hasDevice } = cascade;
  const serving = { ...cascade, holdAtMost, nextPoll, logger };
  return createSoapService(
    uplinkContract,
    {
      Poll: async (poll, context) => answerPoll(serving, admission.admit(context.peer), poll, context),
      Deliver: async (delivery, context) => {
        const child = admission.admit(context.peer);
        if (!hasDevice(child, delivery.deviceId)) {
          throw intermediaryError('device-unknown', `${child} has not told of ${delivery.deviceId}`);
        }
        return forwarded.deliver(child, delivery, context.signal);
      },
    },
    {
      logger,
      authorize: (peer) => {
        admission.admit(peer);
      },
      clientCodes: (code) => Object.hasOwn(INTERMEDIARY_ERRORS, code) && !OURS.includes(code),
    },
  );
};

/** Nothing that the caller could do otherwise. */
const OURS: readonly string[] = ['server-busy', 'too-many-children'];
