import { errorCode } from '@postern/core';
import { isIpv6, passiveNumbers } from '../../common/addresses.ts';
import { PassiveListener } from './passive-listener.ts';
import { type Reply, reply } from './reply.ts';
import type { CommandHandler, SessionScope } from './session-scope.ts';

/** PASV (RFC 959) and EPSV (RFC 2428): each opens one port for one transfer. */

export const pasv: CommandHandler = (session) => {
  if (isIpv6(session.localAddress)) return reply(425, 'PASV tells IPv4 addresses only; use EPSV');
  return offer(session, (port) =>
    reply(227, `Entering Passive Mode (${passiveNumbers(session.localAddress, port)})`),
  );
};

export const epsv: CommandHandler = (session, argument) => {
  const family = isIpv6(session.localAddress) ? '2' : '1';
  if (argument.toUpperCase() === 'ALL') {
    session.extendedPassiveOnly = true;
    return reply(200, 'Only EPSV from now on');
  }
  if (argument !== '' && argument !== family) {
    return reply(522, `Network protocol not supported, use (${family})`);
  }
  return offer(session, (port) => reply(229, `Entering Extended Passive Mode (|||${port}|)`));
};

const offer = async (session: SessionScope, told: (port: number) => Reply): Promise<Reply | undefined> => {
  const { clock, logger, limits } = session.server;
  session.listener?.close();
  session.listener = undefined;
  const { protection } = session;
  try {
    const listener = await PassiveListener.open({
      clock,
      logger,
      localAddress: session.localAddress,
      peerAddress: session.peerAddress,
      connectTime: limits.dataConnectTime,
      secure: protection === undefined ? undefined : (socket) => protection.data(socket),
    });
    if (session.ending.aborted) {
      listener.close();
      return undefined;
    }
    session.listener = listener;
    return told(listener.port);
  } catch (error) {
    logger.error('Cannot open a data port', { code: errorCode(error, 'internal') });
    return reply(425, "Can't open a data port");
  }
};
