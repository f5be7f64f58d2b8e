import type { BulkServiceSession } from '@postern/software-update';
import type { PublicKeyAuthContext } from 'ssh2';
import { sha256Hex } from '../../common/fingerprint.ts';
import type { AuthorizedKey } from '../authorized-keys.ts';
import { admission, OTHER, REFUSED, type SshDoor } from './ssh-door.ts';

/** The bulk service's counterpart for those who come with a key: who may enter, and what they see. */
export interface KeyLoginService {
  /** The keys that open, as they are now. */
  authorizedKeys(): Promise<readonly AuthorizedKey[]>;
  /**
   * Somebody has proved to own a listed key.
   *
   * @param fingerprint {@link AuthorizedKey.fingerprint}
   * @returns the session's view, or `undefined` for "refused"
   */
  loginByKey(userName: string, fingerprint: string, peer: string): Promise<BulkServiceSession | undefined>;
}

/** Listed keys (RFC 4252 section 7), and no passwords. RSA signatures with SHA-1 are none (RFC 8332). */
export const keyDoor = (service: KeyLoginService): SshDoor => ({
  method: 'publickey',
  decide: async (context, peer) => {
    if (context.method !== 'publickey') return OTHER;
    const listed = await service.authorizedKeys();
    const key = listed.find(({ type, blob }) => type === context.key.algo && blob.equals(context.key.data));
    if (key === undefined) return { kind: 'other', why: `${named(context)} is not listed` };
    if (key.type === 'ssh-rsa' && context.hashAlgo === undefined) {
      return { kind: 'other', why: `${named(context)} signs with SHA-1` };
    }
    if (context.signature === undefined) return { kind: 'proof-wanted' };
    if (!isProof(key, context)) return REFUSED;
    return admission(await service.loginByKey(context.username, key.fingerprint, peer));
  },
});

const named = ({ key }: PublicKeyAuthContext): string => `The key ${sha256Hex(key.data)}`;

const isProof = (key: AuthorizedKey, { blob, signature, hashAlgo }: PublicKeyAuthContext): boolean =>
  // Compared with true: ssh2 returns an Error for a signature that it cannot read.
  blob !== undefined && signature !== undefined && key.verify(blob, signature, hashAlgo) === true;
