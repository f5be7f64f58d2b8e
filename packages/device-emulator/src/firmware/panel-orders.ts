import type { Logger } from '@postern/core';
import { errorCode, errorMessage, Hours, Seconds, toSeconds, withDeadline } from '@postern/core';
import type { Party } from '@postern/software-update';
import { type PanelOrderResult, panelOrderId } from '../domain/panel-order.ts';
import { deviceError } from '../errors.ts';
import type { OrderUpdate } from '../program.ts';
import { type HandOverService, handOver, makePassword } from './hand-over.ts';
import { isUnanswered, untilAnswered } from './until-answered.ts';

/** How long somebody at the panel waits for the intermediary before the order counts as failed. */
const ORDER_LIMIT = Seconds(30);

/** How long a password made at the panel opens the bulk path. */
const LIFETIME = Hours(4);

export interface PanelService extends HandOverService {
  readonly logger: Logger;
  /** Aborts when the device goes down. */
  readonly signal: AbortSignal;
}

/**
 * The update key: orders an update at the intermediary, which makes the password (Fig 22) or takes the device's
 * (Fig 23). Sent again until somebody answers or {@link ORDER_LIMIT} is over.
 *
 * @spec U16 U17
 */
export const panelOrders =
  (service: PanelService): OrderUpdate =>
  (generator) =>
    order(service, generator);

const order = async (service: PanelService, generator: Party): Promise<PanelOrderResult> => {
  const orderId = panelOrderId(service.entropy);
  const place = generator === 'target' ? orderWithPassword(service, orderId) : orderOnly(service, orderId);
  let unanswered: unknown;
  try {
    if (service.information.settings.secureLink === 'intermediary-authenticated') {
      throw deviceError('link-too-weak', 'This device cannot order its own update');
    }
    return await withDeadline(service.clock, ORDER_LIMIT, 'The order', service.signal, (signal) =>
      untilAnswered(service, signal, place, (error) => {
        unanswered = error;
      }),
    );
  } catch (error) {
    // Why nobody answered says more than that the time is over.
    const reason = errorCode(error, '') === 'deadline-exceeded' ? (unanswered ?? error) : error;
    const code = errorCode(reason, 'internal-error');
    const outcome = isUnanswered(code) || code === 'link-too-weak' ? 'failed' : 'refused';
    service.logger.warn('The order from the panel led to nothing', { orderId, code });
    return { orderId, outcome, code, text: `No update: ${errorMessage(reason)}` };
  }
};

/** Places an order once. */
type Place = (signal: AbortSignal) => Promise<PanelOrderResult>;

const orderOnly =
  ({ useLink }: PanelService, orderId: string): Place =>
  async (signal) => {
    const { accepted, jobId, failure } = await useLink((link) => link.requestPassword({ orderId }, signal));
    if (accepted) return acceptedAs(orderId, jobId ?? orderId);
    const { code = 'internal-error', message = 'the intermediary gave no reason' } = failure ?? {};
    return { orderId, outcome: 'refused', code, text: `No update: ${message}` };
  };

const orderWithPassword = (service: PanelService, orderId: string): Place => {
  // The same one at every try: the intermediary may have taken it although its answer was lost.
  const made = makePassword(service.entropy);
  const job = { jobId: orderId, lifetimeSeconds: toSeconds(LIFETIME) };
  return async (signal) => {
    const { jobId } = await handOver(service, job, made, signal);
    return acceptedAs(orderId, jobId);
  };
};

const acceptedAs = (orderId: string, jobId: string): PanelOrderResult => ({
  orderId,
  outcome: 'accepted',
  jobId,
  text: `Update ordered: ${jobId}`,
});
