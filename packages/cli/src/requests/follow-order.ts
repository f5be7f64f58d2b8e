import { Seconds } from '@postern/core';
import type { OperatorClient, OrderView, RequestView } from '@postern/management-server/client';
import { patiently } from '../patiently.ts';

/** How long the server holds one answer: progress is shown as often. */
const ONE_WAIT = Seconds(2);

/**
 * Waits until all requests of an order have ended.
 *
 * @param onProgress called at first and whenever more have ended
 * @throws PosternError `cancelled`, those of the server
 */
export const followOrder = async (
  client: OperatorClient,
  ordered: OrderView,
  signal: AbortSignal,
  onProgress: (ended: number, order: OrderView) => void,
): Promise<OrderView> => {
  let order = ordered;
  let shown = -1;
  for (;;) {
    const ended = endedOf(order);
    if (ended !== shown) onProgress(ended, order);
    shown = ended;
    if (order.ended) return order;
    order = await patiently(signal, () => client.order(ordered.id, ONE_WAIT, signal));
  }
};

const endedOf = ({ states, targets }: OrderView): number =>
  targets - states.waiting - states.sent - states.taken;

/** The requests of an order by target, each with its whole answer. */
export const requestsOf = async (client: OperatorClient, order: string): Promise<readonly RequestView[]> => {
  const listed = await client.listRequests({ order });
  const whole: RequestView[] = [];
  for (const request of listed)
    whole.push(request.answerLeftOut ? await client.request(request.id) : request);
  return whole.sort((left, right) => (left.target < right.target ? -1 : 1));
};
