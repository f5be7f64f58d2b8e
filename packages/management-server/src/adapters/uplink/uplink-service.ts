import { type UplinkOperations, uplinkContract } from '@postern/contracts';
import {
  answerPoll,
  createSoapService,
  type PollServing,
  type SoapHandlers,
  type SoapService,
} from '@postern/soap-rpc';
import type { Deliveries } from '../../domain/deliveries.ts';
import type { LastSeen } from '../../domain/last-seen.ts';
import type { RequestExpiry } from '../../domain/requests/request-expiry.ts';
import type { Updates } from '../../domain/updates.ts';
import type { UplinkAdmission } from '../../domain/uplink-admission.ts';
import { SERVER_ERRORS } from '../../errors.ts';

export interface UplinkParts extends PollServing {
  readonly updates: Updates;
  readonly requestExpiry: RequestExpiry;
  readonly deliveries: Deliveries;
  readonly lastSeen: LastSeen;
  readonly admission: UplinkAdmission;
}

/**
 * The uplink contract as the management server serves it: to intermediaries only, known by their certificate.
 *
 * @spec R1 R2 R3 R4 T5
 */
export const createUplinkService = (parts: UplinkParts): SoapService =>
  createSoapService(uplinkContract, uplinkHandlers(parts), {
    logger: parts.logger,
    authorize: (peer, operation) => {
      parts.admission.admit(peer, operation);
    },
    clientCodes: (code) => Object.hasOwn(SERVER_ERRORS, code) && code !== 'internal-error',
  });

const uplinkHandlers = (parts: UplinkParts): SoapHandlers<UplinkOperations> => {
  const { admission, updates, requestExpiry, deliveries, lastSeen } = parts;
  return {
    Poll: async (poll, context) => {
      const intermediary = admission.admit(context.peer, context.operation);
      lastSeen.note(intermediary);
      updates.expireDue();
      requestExpiry.expireDue();
      return answerPoll(parts, intermediary, poll, context);
    },
    Deliver: async (delivery, { peer, operation }) => {
      const intermediary = admission.admit(peer, operation);
      lastSeen.note(intermediary);
      return deliveries.accept(intermediary, delivery);
    },
  };
};
