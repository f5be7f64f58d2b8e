import { reply } from './reply.ts';
import type { CommandHandler } from './session-scope.ts';

/**
 * AUTH, PBSZ and PROT (RFC 4217). CCC is not there: a control connection never goes back to clear text.
 *
 * @spec B2
 */

export const auth: CommandHandler = (session, mechanism) => {
  if (!/^TLS(?:-C)?$/i.test(mechanism)) return reply(504, 'The only mechanism is TLS');
  session.secure(reply(234, 'Begin the handshake'));
  return undefined;
};

/** TLS needs no buffer of its own: whatever is asked for, 0 is what counts. */
export const pbsz: CommandHandler = (session, size) => {
  if (!/^\d{1,10}$/.test(size)) return reply(501, 'PBSZ takes a number');
  session.bufferSizeTold = true;
  return reply(200, 'PBSZ=0');
};

export const prot: CommandHandler = (session, level) => {
  if (!/^[CSEP]$/i.test(level)) return reply(504, 'The only level is P');
  if (!/^P$/i.test(level)) return reply(534, 'Data connections are encrypted here: the only level is P');
  session.dataProtected = true;
  return reply(200, 'Data connections are encrypted');
};
