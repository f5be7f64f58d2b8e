import { type Reply, reply } from './reply.ts';

/** How far a connection has come. */
export type LoginState = 'connected' | 'user-named' | 'logged-in';

/** Whether the control connection is encrypted: never will be (`none`), must be before anything else (`wanted`), is. */
export type Security = 'none' | 'wanted' | 'secured';

/** What {@link judge} needs to know about a session. */
export interface SessionStanding {
  readonly login: LoginState;
  /** PASV or EPSV has been carried out and no transfer has used it yet. */
  readonly dataOffered: boolean;
  /** EPSV ALL was sent: no other way to a data connection is allowed any more (RFC 2428 section 4). */
  readonly extendedPassiveOnly: boolean;
  readonly security: Security;
  readonly bufferSizeTold: boolean;
  readonly dataProtected: boolean;
}

interface CommandRule {
  /** Whether an argument must be there (`required`), may be there, or makes a syntax error (`none`). */
  readonly argument: 'none' | 'optional' | 'required';
  /** Needs a data connection that was offered by PASV or EPSV. */
  readonly transfer?: true;
  /** Allowed before login. */
  readonly beforeLogin?: true;
  /** Allowed before the connection is encrypted, where it has to be. */
  readonly beforeSecurity?: true;
  /** Exists only where connections can be encrypted (RFC 4217). */
  readonly ofSecurity?: true;
}

const RULES = {
  USER: { argument: 'required', beforeLogin: true },
  PASS: { argument: 'optional', beforeLogin: true },
  QUIT: { argument: 'none', beforeLogin: true, beforeSecurity: true },
  AUTH: { argument: 'required', beforeLogin: true, beforeSecurity: true, ofSecurity: true },
  PBSZ: { argument: 'required', beforeLogin: true, ofSecurity: true },
  PROT: { argument: 'required', beforeLogin: true, ofSecurity: true },
  TYPE: { argument: 'required' },
  MODE: { argument: 'required' },
  STRU: { argument: 'required' },
  PWD: { argument: 'none' },
  CWD: { argument: 'required' },
  PASV: { argument: 'none' },
  EPSV: { argument: 'optional' },
  REST: { argument: 'required' },
  SIZE: { argument: 'required' },
  STOR: { argument: 'required', transfer: true },
  APPE: { argument: 'required', transfer: true },
  RETR: { argument: 'required', transfer: true },
  LIST: { argument: 'optional', transfer: true },
  NLST: { argument: 'optional', transfer: true },
  MLSD: { argument: 'optional', transfer: true },
  MLST: { argument: 'optional' },
  ABOR: { argument: 'none' },
  NOOP: { argument: 'optional' },
  FEAT: { argument: 'none', beforeSecurity: true },
  SYST: { argument: 'none' },
  HELP: { argument: 'optional' },
  OPTS: { argument: 'required' },
} as const satisfies Record<string, CommandRule>;

/** A command this server carries out. */
export type Verb = keyof typeof RULES;

const VERBS = Object.keys(RULES) as readonly Verb[];

/** The commands that exist on a connection of this kind. */
export const verbsOf = (security: Security): readonly Verb[] =>
  VERBS.filter((verb) => exists(RULES[verb], security));

const exists = (rule: CommandRule, security: Security): boolean =>
  rule.ofSecurity === undefined || security !== 'none';

export type Verdict =
  | { readonly allowed: true; readonly verb: Verb }
  | { readonly allowed: false; readonly reply: Reply };

const refused = (code: number, text: string): Verdict => ({ allowed: false, reply: reply(code, text) });

/**
 * Decides whether a command may be carried out now. Before login nothing is told apart but USER, PASS and QUIT; where
 * the connection has to be encrypted first, nothing is answered before but AUTH, FEAT and QUIT.
 *
 * @spec B1 B2
 */
export const judge = (standing: SessionStanding, verb: string, argument: string): Verdict => {
  const { security } = standing;
  const known: CommandRule | undefined = isVerb(verb) ? RULES[verb] : undefined;
  const rule = known !== undefined && exists(known, security) ? known : undefined;
  const loggedIn = standing.login === 'logged-in';
  const early = security === 'wanted' ? rule?.beforeSecurity : rule?.beforeLogin;
  if (security === 'wanted' && !early) return refused(530, 'AUTH TLS comes first');
  if (!loggedIn && !early) return refused(530, 'Log in first');
  if (verb === 'PORT' || verb === 'EPRT') {
    return refused(502, 'Active mode is refused: this server never connects out; use EPSV or PASV');
  }
  if (rule === undefined || !isVerb(verb)) return refused(502, 'Command not implemented');
  if (rule.argument === 'required' && argument === '') return refused(501, `${verb} needs an argument`);
  if (rule.argument === 'none' && argument !== '') return refused(501, `${verb} takes no argument`);
  if (loggedIn && (verb === 'USER' || verb === 'PASS')) return refused(503, 'Already logged in');
  if (verb === 'PASS' && standing.login !== 'user-named') return refused(503, 'USER comes first');
  if (verb === 'PASV' && standing.extendedPassiveOnly) return refused(503, 'Only EPSV after EPSV ALL');
  if (verb === 'AUTH' && security === 'secured') return refused(503, 'The connection is encrypted already');
  if (verb === 'PROT' && !standing.bufferSizeTold) return refused(503, 'PBSZ comes first');
  if (rule.transfer && security === 'secured' && !standing.dataProtected) {
    return refused(521, 'Data connections are encrypted here: send PROT P first');
  }
  if (rule.transfer && !standing.dataOffered) return refused(425, 'Use EPSV or PASV first');
  return { allowed: true, verb };
};

const isVerb = (verb: string): verb is Verb => Object.hasOwn(RULES, verb);
