import type { BulkService, BulkServiceSession } from '@postern/software-update';
import type { AuthContext } from 'ssh2';

/** How one try to log in ended. */
export type DoorAnswer =
  | { readonly kind: 'admitted'; readonly view: BulkServiceSession }
  /** A wrong password, or a key that is not its own. */
  | { readonly kind: 'refused' }
  /** Not tried with what opens this door, which is no offence; `why` is for the log. */
  | { readonly kind: 'other'; readonly why?: string }
  /** The key is listed: the client is to prove that it has it (RFC 4252 section 7). */
  | { readonly kind: 'proof-wanted' };

/** Whom a server lets in, and by which method. Whatever it asks for may throw. */
export interface SshDoor {
  readonly method: 'password' | 'publickey';
  decide(context: AuthContext, peer: string): Promise<DoorAnswer>;
}

export const OTHER: DoorAnswer = { kind: 'other' };
export const REFUSED: DoorAnswer = { kind: 'refused' };

export const admission = (view: BulkServiceSession | undefined): DoorAnswer =>
  view === undefined ? REFUSED : { kind: 'admitted', view };

/** User name and one-time password (RFC 4252 section 8). A change of password, which comes as an object, is none. */
export const passwordDoor = (service: BulkService): SshDoor => ({
  method: 'password',
  decide: async (context, peer) =>
    context.method === 'password' && typeof context.password === 'string'
      ? admission(await service.login(context.username, context.password, peer))
      : OTHER,
});
