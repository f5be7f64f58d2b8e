import { verbsOf } from './command-rules.ts';
import { reply } from './reply.ts';
import type { CommandHandler } from './session-scope.ts';

/** Commands that touch neither files nor data connections. */

/** ASCII is accepted for listings and old clients; bytes pass unchanged in both types. */
export const type: CommandHandler = (_session, argument) =>
  /^(?:A(?: N)?|I|L 8)$/i.test(argument) ? reply(200, 'Type set') : reply(504, 'Only types A and I');

export const mode: CommandHandler = (_session, argument) =>
  /^S$/i.test(argument) ? reply(200, 'Mode set') : reply(504, 'Only mode S');

export const stru: CommandHandler = (_session, argument) =>
  /^F$/i.test(argument) ? reply(200, 'Structure set') : reply(504, 'Only structure F');

export const pwd: CommandHandler = () => reply(257, '"/" is the only directory');

export const cwd: CommandHandler = (_session, argument) =>
  argument === '/' ? reply(250, 'In "/"') : reply(550, 'There is no directory but "/"');

/** The restart marker is a byte offset (RFC 3659 section 5); it holds for the very next transfer only. */
export const rest: CommandHandler = (session, argument) => {
  if (!/^\d{1,15}$/.test(argument)) return reply(501, 'REST takes a number of bytes');
  session.restartAt = Number(argument);
  return reply(350, `Restarting at ${session.restartAt}`);
};

export const noop: CommandHandler = () => reply(200, 'OK');

export const feat: CommandHandler = ({ security }) => reply(211, 'Features', FEATURES[security]);

const PLAIN_FEATURES = ['EPSV', 'PASV', 'SIZE', 'REST STREAM', 'MLST type*;size*;perm*;', 'UTF8'];
const SECURE_FEATURES = ['AUTH TLS', 'PBSZ', 'PROT', ...PLAIN_FEATURES];
const FEATURES = { none: PLAIN_FEATURES, wanted: SECURE_FEATURES, secured: SECURE_FEATURES };

export const syst: CommandHandler = () => reply(215, 'UNIX Type: L8');

export const help: CommandHandler = ({ security }) => reply(214, 'Commands', [verbsOf(security).join(' ')]);

export const opts: CommandHandler = (_session, argument) =>
  /^UTF-?8(?: ON)?$/i.test(argument)
    ? reply(200, 'UTF-8 is always on')
    : reply(501, 'The only option is UTF8 ON');

/** A running transfer has been broken off by then: ABOR overtakes the queue. */
export const abor: CommandHandler = () => reply(226, 'Aborted');
