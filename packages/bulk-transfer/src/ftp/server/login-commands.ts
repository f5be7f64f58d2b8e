import { errorCode } from '@postern/core';
import { reply } from './reply.ts';
import { askService } from './service-call.ts';
import type { CommandHandler, SessionScope } from './session-scope.ts';

/** USER, PASS and QUIT (RFC 959 section 4.1.1). */

export const user: CommandHandler = (session, name) => {
  session.userName = name;
  session.login = 'user-named';
  return reply(331, 'Password required');
};

export const pass: CommandHandler = async (session, password) => {
  const { service, logger } = session.server;
  session.login = 'connected';
  try {
    // Taken over inside the call: a view that comes when the connection has gone must still be ended.
    await askService(session, 'Login', async () => {
      const view = await service.login(session.userName, password, session.peerAddress);
      if (view !== undefined) session.enter(view);
    });
  } catch (error) {
    if (session.ending.aborted) return undefined;
    logger.error('The bulk service failed at login', { code: errorCode(error, 'internal') });
    session.drop(reply(421, 'Login is not possible now'));
    return undefined;
  }
  return session.view === undefined ? wrongLogin(session) : reply(230, 'Logged in');
};

const wrongLogin = (session: SessionScope): ReturnType<CommandHandler> => {
  session.wrongLogins += 1;
  session.server.logger.warn('Login refused', { peer: session.peerAddress, tries: session.wrongLogins });
  if (session.wrongLogins < session.server.limits.wrongLogins) return reply(530, 'Login incorrect');
  session.drop(reply(421, 'Too many wrong logins'));
  return undefined;
};

export const quit: CommandHandler = (session) => {
  session.drop(reply(221, 'Goodbye'));
  return undefined;
};
