import { PosternError } from './errors.ts';

/** Codes of errors thrown by the functions of this file. */
export type IdentityCode = 'identity-invalid';

/** What a node is. Authorisation is by role and name, never by address: a whole site shares one address. */
export type NodeRole = 'server' | 'intermediary' | 'device' | 'operator';

/** Who a node is, as its certificate says in a URI subject alternative name. */
export interface NodeIdentity {
  readonly role: NodeRole;
  /** 1–64 characters of A–Z a–z 0–9 . _ - , not beginning with a punctuation mark. */
  readonly name: string;
}

const ROLES: readonly NodeRole[] = ['server', 'intermediary', 'device', 'operator'];
const PATTERN = /^urn:postern:([a-z]+):([A-Za-z0-9][A-Za-z0-9._-]{0,63})$/;

/** The identity's URI form, e.g. `urn:postern:intermediary:site-a`. */
export const toUri = (identity: NodeIdentity): string => `urn:postern:${identity.role}:${identity.name}`;

/**
 * Reads an identity's URI form.
 *
 * @throws PosternError `identity-invalid`
 */
export const parseIdentity = (uri: string): NodeIdentity => {
  const [, role, name] = PATTERN.exec(uri) ?? [];
  const known = ROLES.find((candidate) => candidate === role);
  if (known === undefined || name === undefined) {
    throw new PosternError<IdentityCode>(
      'identity-invalid',
      `Not a node identity: ${JSON.stringify(uri.slice(0, 120))}`,
      {
        hint: 'Expected urn:postern:<server|intermediary|device|operator>:<name>.',
      },
    );
  }
  return { role: known, name };
};
