import type { BulkReceiver, BulkServiceSession } from '@postern/software-update';
import { refusalOf } from '../../common/refusal.ts';
import { ask, beginReceiving, giveUpReceiving, type ServiceScope } from '../../common/service-calls.ts';
import { type Reply, reply } from './reply.ts';
import type { SessionScope } from './session-scope.ts';

/** @throws whatever the service threw, `deadline-exceeded` or `cancelled` */
export const askService = <T>(session: SessionScope, what: string, work: () => Promise<T>): Promise<T> =>
  ask(scopeOf(session), what, work);

/** The view of a logged-in session; the command rules let nobody else come here. */
export const viewOf = (session: SessionScope): BulkServiceSession => {
  if (session.view === undefined) throw new TypeError('No view before login');
  return session.view;
};

export const beginUpload = (session: SessionScope, name: string, offset: number): Promise<BulkReceiver> =>
  beginReceiving(scopeOf(session), viewOf(session), name, offset);

export const giveUpUpload = (session: SessionScope, receiver: BulkReceiver): Promise<void> =>
  giveUpReceiving(scopeOf(session), receiver);

/** The reply to an error that the service threw. */
export const refusal = (session: SessionScope, error: unknown): Reply => {
  const { code, text } = refusalOf(error, session.server.logger, session.ending);
  return reply(code, text);
};

const scopeOf = ({ server, ending }: SessionScope): ServiceScope => ({
  clock: server.clock,
  logger: server.logger,
  serviceTime: server.limits.serviceTime,
  ending,
});
