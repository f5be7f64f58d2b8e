import { type Reply, reply } from './reply.ts';

/** How far a connection has come. */
export type LoginState = 'connected' | 'user-named' | 'logged-in';

/** What {@link judge} needs to know about a session. */
export interface SessionStanding {
  readonly login: LoginState;
  /** PASV or EPSV has been carried out and no transfer has used it yet. */
  readonly dataOffered: boolean;
  /** EPSV ALL was sent: no other way to a data connection is allowed any more (RFC 2428 section 4). */
  readonly extendedPassiveOnly: boolean;
}

interface CommandRule {
  /** Whether an argument must be there (`required`), may be there, or makes a syntax error (`none`). */
  readonly argument: 'none' | 'optional' | 'required';
  /** Needs a data connection that was offered by PASV or EPSV. */
  readonly transfer?: true;
  /** Allowed before login. */
  readonly beforeLogin?: true;
}

const RULES = {
  USER: { argument: 'required', beforeLogin: true },
  PASS: { argument: 'optional', beforeLogin: true },
  QUIT: { argument: 'none', beforeLogin: true },
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
  FEAT: { argument: 'none' },
  SYST: { argument: 'none' },
  HELP: { argument: 'optional' },
  OPTS: { argument: 'required' },
} as const satisfies Record<string, CommandRule>;

/** A command this server carries out. */
export type Verb = keyof typeof RULES;

export const VERBS = Object.keys(RULES) as readonly Verb[];

export type Verdict =
  | { readonly allowed: true; readonly verb: Verb }
  | { readonly allowed: false; readonly reply: Reply };

const refused = (code: number, text: string): Verdict => ({ allowed: false, reply: reply(code, text) });

/**
 * Decides whether a command may be carried out now. Before login nothing is told apart but USER, PASS and QUIT.
 *
 * @spec B1
 */
export const judge = (standing: SessionStanding, verb: string, argument: string): Verdict => {
  const rule: CommandRule | undefined = isVerb(verb) ? RULES[verb] : undefined;
  const loggedIn = standing.login === 'logged-in';
  if (!loggedIn && rule?.beforeLogin === undefined) return refused(530, 'Log in first');
  if (verb === 'PORT' || verb === 'EPRT') {
    return refused(502, 'Active mode is refused: this server never connects out; use EPSV or PASV');
  }
  if (rule === undefined || !isVerb(verb)) return refused(502, 'Command not implemented');
  if (rule.argument === 'required' && argument === '') return refused(501, `${verb} needs an argument`);
  if (rule.argument === 'none' && argument !== '') return refused(501, `${verb} takes no argument`);
  if (loggedIn && (verb === 'USER' || verb === 'PASS')) return refused(503, 'Already logged in');
  if (verb === 'PASS' && standing.login !== 'user-named') return refused(503, 'USER comes first');
  if (verb === 'PASV' && standing.extendedPassiveOnly) return refused(503, 'Only EPSV after EPSV ALL');
  if (rule.transfer && !standing.dataOffered) return refused(425, 'Use EPSV or PASV first');
  return { allowed: true, verb };
};

const isVerb = (verb: string): verb is Verb => Object.hasOwn(RULES, verb);
