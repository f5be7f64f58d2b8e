import { join } from 'node:path';
import { onFlash } from '@postern/image-slots';
import type { EnrolledNode } from '@postern/pki';
import type { BulkPathKind } from '@postern/software-update';
import { readTextFile, writeFileAtomic } from '@postern/storage/files';
import type { BulkServerFactory } from '../program.ts';
import { plainFtp } from './plain-ftp.ts';

/** Whether a bulk path of this kind proves itself with the device's own certificate. */
export const needsIdentity = (kind: BulkPathKind): boolean => kind.startsWith('ftps');

/**
 * The bulk path of a device's own kind, for whichever of its programs runs: never a weaker one. FTPS has the device's
 * certificate, SFTP a host key that is made at the first start.
 *
 * @spec B2 B3
 */
export const bulkServerOf = async (
  { directory, bulkPathKind }: { readonly directory: string; readonly bulkPathKind: BulkPathKind },
  node: EnrolledNode | undefined,
): Promise<BulkServerFactory> => {
  if (bulkPathKind === 'ftp') return plainFtp;
  // Loaded only where it is needed: most devices do without its TLS and SSH code.
  const { createBulkServer, generateSshHostKey } = await import('@postern/bulk-transfer');
  if (bulkPathKind === 'sftp') {
    const hostKey = await ownHostKey(directory, generateSshHostKey);
    return (options) => createBulkServer(bulkPathKind, { ...options, hostKey });
  }
  const tls = node === undefined ? {} : { tls: { key: node.privateKeyPem, cert: node.certificatePem } };
  return (options) => createBulkServer(bulkPathKind, { ...options, ...tls });
};

/** The device's SSH host key, 0600 in its directory. */
const ownHostKey = async (directory: string, generate: () => string): Promise<string> => {
  const path = join(directory, 'ssh-host.key');
  const kept = await onFlash('read the SSH host key', () => readTextFile(path));
  if (kept !== undefined) return kept;
  const made = generate();
  await onFlash('write the SSH host key', () => writeFileAtomic(path, made));
  return made;
};
