import type { BulkEndpoint, BulkSession } from '@postern/software-update';
import ssh2 from 'ssh2';
import type { BulkClientOptions } from '../../common/client-limits.ts';
import { unusable } from '../host-key.ts';
import { openSftpSession } from './open-sftp-session.ts';

/** Who leaves something at a drop. */
export interface DropLogin {
  readonly userName: string;
  /** In OpenSSH's format, unencrypted; the drop lists its public part. */
  readonly privateKey: string;
}

/**
 * Connects to the drop of another node and logs in with a key; a bundle is left with the session's `store`, and the
 * drop's verdict is that call's end.
 *
 * @param endpoint with `hostKey`, the fingerprint of the drop's own key
 * @throws PosternError `bulk-identity-unusable` when the private key cannot be read, or as `BulkPath.open`
 * @spec I5
 */
export const openSftpDrop = async (
  options: BulkClientOptions,
  endpoint: Required<Omit<BulkEndpoint, 'kind'>>,
  { userName, privateKey }: DropLogin,
  signal: AbortSignal,
): Promise<BulkSession> => {
  if (ssh2.utils.parseKey(privateKey) instanceof Error) throw unusable();
  return openSftpSession(options, endpoint, { userName, privateKey }, signal);
};
