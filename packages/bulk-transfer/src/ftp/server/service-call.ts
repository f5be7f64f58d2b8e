import { errorCode, errorMessage, withDeadline } from '@postern/core';
import type { BulkReceiver, BulkServiceSession } from '@postern/software-update';
import { type Reply, reply } from './reply.ts';
import type { SessionScope } from './session-scope.ts';

/**
 * Asks the service, no longer than `serviceTime` and no longer than the connection lives.
 *
 * @throws whatever the service threw, `deadline-exceeded` or `cancelled`
 */
export const askService = <T>(session: SessionScope, what: string, work: () => Promise<T>): Promise<T> =>
  withDeadline(session.server.clock, session.server.limits.serviceTime, what, session.ending, work);

/** The view of a logged-in session; the command rules let nobody else come here. */
export const viewOf = (session: SessionScope): BulkServiceSession => {
  if (session.view === undefined) throw new TypeError('No view before login');
  return session.view;
};

/** Begins an upload. A receiver that comes after its deadline is given back at once. */
export const beginUpload = async (
  session: SessionScope,
  name: string,
  offset: number,
): Promise<BulkReceiver> => {
  const begun = viewOf(session).receive(name, offset);
  try {
    return await askService(session, 'Beginning an upload', () => begun);
  } catch (error) {
    begun.then((late) => late.abort()).catch(() => {});
    throw error;
  }
};

/**
 * The reply to an error that the service threw. Only our own errors speak to the client (`<code>: <message>`);
 * of others, which may name paths or internals, nothing is told.
 */
export const refusal = (session: SessionScope, error: unknown): Reply => {
  const code = errorCode(error, 'internal');
  const ours =
    typeof error === 'object' && error !== null && 'name' in error && error.name === 'PosternError';
  if (!ours || code === 'deadline-exceeded' || session.ending.aborted) {
    if (!session.ending.aborted)
      session.server.logger.error('The bulk service failed', { code, reason: errorMessage(error) });
    return reply(451, 'Local error in processing');
  }
  return reply(OUT_OF_SPACE.includes(code) ? 552 : 550, `${code}: ${errorMessage(error)}`);
};

/** Codes that mean "more bytes than there is room for". */
const OUT_OF_SPACE = ['too-long', 'storage-full'];
