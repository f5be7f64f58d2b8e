import { type Clock, type Duration, errorCode, type Logger, withDeadline } from '@postern/core';
import type { BulkReceiver, BulkServiceSession } from '@postern/software-update';

/** What asking the service takes. */
export interface ServiceScope {
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long one call may take. */
  readonly serviceTime: Duration;
  /** Aborts when the connection ends. */
  readonly ending: AbortSignal;
}

/**
 * Asks the service, no longer than `serviceTime` and no longer than the connection lives.
 *
 * @throws whatever the service threw, `deadline-exceeded` or `cancelled`
 */
export const ask = <T>(scope: ServiceScope, what: string, work: () => Promise<T>): Promise<T> =>
  withDeadline(scope.clock, scope.serviceTime, what, scope.ending, work);

/** Begins an upload. A receiver that comes after its deadline is given back at once. */
export const beginReceiving = async (
  scope: ServiceScope,
  view: BulkServiceSession,
  name: string,
  offset: number,
): Promise<BulkReceiver> => {
  const begun = view.receive(name, offset);
  try {
    return await ask(scope, 'Beginning an upload', () => begun);
  } catch (error) {
    begun.then((late) => late.abort()).catch(() => {});
    throw error;
  }
};

/** Gives an upload up; also when the connection has ended. Never rejects. */
export const giveUpReceiving = async (scope: ServiceScope, receiver: BulkReceiver): Promise<void> => {
  const { clock, logger, serviceTime } = scope;
  try {
    await withDeadline(clock, serviceTime, 'Giving up an upload', undefined, () => receiver.abort());
  } catch (error) {
    logger.warn('Giving up an upload failed', { code: errorCode(error, 'internal') });
  }
};
