import { type UplinkOperations, type uplink, uplinkContract } from '@postern/contracts';
import { type Duration, type Logger, Milliseconds, Seconds, toSeconds } from '@postern/core';
import { createSoapService, type SoapHandlers, type SoapService } from '@postern/soap-rpc';
import { acceptDelivery, type DeliveriesParts } from '../../domain/deliveries.ts';
import type { Downward, Exchange } from '../../domain/exchange.ts';
import type { LastSeen } from '../../domain/last-seen.ts';
import type { Updates } from '../../domain/updates.ts';
import type { UplinkAdmission } from '../../domain/uplink-admission.ts';
import { SERVER_ERRORS } from '../../errors.ts';
import type { HeldPolls } from './held-polls.ts';

export interface UplinkParts {
  readonly exchange: Exchange;
  readonly updates: Updates;
  readonly deliveries: DeliveriesParts;
  readonly lastSeen: LastSeen;
  readonly held: HeldPolls;
  readonly admission: UplinkAdmission;
  readonly logger: Logger;
  /** A poll is held no longer than this, whatever it asks for. */
  readonly holdAtMost: Duration;
  /** When an intermediary whose polls are not held is asked to poll again. */
  readonly nextPoll: Duration;
}

const NO_PAUSE = Seconds(0);
const NOTHING: Downward = { acknowledged: [], requests: [] };

/**
 * The uplink contract as the management server serves it: to intermediaries only, known by their certificate.
 *
 * @spec R1 R2 T5
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
  const { admission, exchange, updates, deliveries, lastSeen, held } = parts;
  const answer = (intermediary: string, down: Downward, next: Duration): uplink.PollResponse => ({
    nextPollSeconds: toSeconds(next),
    ...(down.acknowledged.length === 0 ? {} : { acknowledged: { id: down.acknowledged } }),
    ...(down.requests.length === 0 ? {} : { requests: { request: down.requests } }),
    devicesRevision: exchange.devicesRevision(intermediary),
  });
  return {
    Poll: async (poll, context) => {
      const intermediary = admission.admit(context.peer, context.operation);
      lastSeen.note(intermediary);
      held.end(intermediary);
      updates.expireDue();
      // A poll that can be held may come again at once: holding it is the pause.
      const pause = poll.holdSeconds > 0 ? NO_PAUSE : parts.nextPoll;
      if (bringsSomething(poll) || exchange.isWaiting(intermediary, poll.capacity)) {
        return answer(intermediary, exchange.exchange(intermediary, poll), pause);
      }
      // What an intermediary without room has not acknowledged goes again, but not at once.
      const rest = () =>
        exchange.isWaiting(intermediary, 1) ? exchange.exchange(intermediary, poll) : NOTHING;
      if (poll.holdSeconds === 0 || held.isFull) return answer(intermediary, rest(), parts.nextPoll);
      if (exchange.asksForDevices(intermediary, poll)) return answer(intermediary, NOTHING, NO_PAUSE);
      parts.logger.debug('poll held', { intermediary });
      // The signal costs a listener for the call: it is asked for only here.
      const { signal } = context;
      await held.hold(intermediary, holdTime(poll, parts.holdAtMost), signal);
      // Nobody would read the answer of a connection that has gone: what waits stays for the next poll.
      return answer(intermediary, signal.aborted ? NOTHING : rest(), pause);
    },
    Deliver: async (delivery, { peer, operation }) => {
      const intermediary = admission.admit(peer, operation);
      lastSeen.note(intermediary);
      return acceptDelivery(deliveries, intermediary, delivery);
    },
  };
};

/** A poll that carries anything is answered at once: its sender waits for acknowledgements. */
const bringsSomething = (poll: uplink.Poll): boolean =>
  (poll.received?.id.length ?? 0) > 0 ||
  (poll.responses?.response.length ?? 0) > 0 ||
  (poll.delayNotices?.delayNotice.length ?? 0) > 0 ||
  poll.devices !== undefined;

const holdTime = (poll: uplink.Poll, atMost: Duration): Duration =>
  Milliseconds(Math.min(Seconds(poll.holdSeconds), atMost));
