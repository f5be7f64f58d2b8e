import type { Verb } from './command-rules.ts';
import { appe, listLong, listMachine, listNames, mlst, retr, size, stor } from './file-commands.ts';
import { pass, quit, user } from './login-commands.ts';
import { epsv, pasv } from './passive-commands.ts';
import { auth, pbsz, prot } from './protection-commands.ts';
import type { CommandHandler } from './session-scope.ts';
import { abor, cwd, feat, help, mode, noop, opts, pwd, rest, stru, syst, type } from './setting-commands.ts';

/** Who carries out what. When it may be carried out stands in command-rules.ts. */
export const COMMANDS: Readonly<Record<Verb, CommandHandler>> = {
  USER: user,
  PASS: pass,
  QUIT: quit,
  AUTH: auth,
  PBSZ: pbsz,
  PROT: prot,
  TYPE: type,
  MODE: mode,
  STRU: stru,
  PWD: pwd,
  CWD: cwd,
  PASV: pasv,
  EPSV: epsv,
  REST: rest,
  SIZE: size,
  STOR: stor,
  APPE: appe,
  RETR: retr,
  LIST: listLong,
  NLST: listNames,
  MLSD: listMachine,
  MLST: mlst,
  ABOR: abor,
  NOOP: noop,
  FEAT: feat,
  SYST: syst,
  HELP: help,
  OPTS: opts,
};

/** Commands after which a restart offset still holds: they may stand between REST and its transfer. */
export const KEEPS_RESTART: ReadonlySet<Verb> = new Set<Verb>(['REST', 'PASV', 'EPSV', 'TYPE']);

/** Commands that use up the data port. ABOR closes it as well. */
export const CLOSES_DATA: ReadonlySet<Verb> = new Set<Verb>([
  'STOR',
  'APPE',
  'RETR',
  'LIST',
  'NLST',
  'MLSD',
  'ABOR',
]);
