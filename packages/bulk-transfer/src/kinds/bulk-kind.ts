import { PosternError } from '@postern/core';
import type { BulkPath } from '@postern/software-update';
import type { BulkServer, BulkServerOptions } from '../common/bulk-server.ts';
import type { BulkClientOptions } from '../common/client-limits.ts';
import type { BulkServerLimits } from '../common/server-limits.ts';
import type { FtpsIdentity } from '../ftps/certificate.ts';

/** What a server of any kind is made with; each kind takes what it needs. */
export interface KindServerOptions extends BulkServerOptions {
  readonly limits?: Partial<BulkServerLimits> | undefined;
  /** Key and certificate of an FTPS server. */
  readonly tls?: FtpsIdentity | undefined;
  /** Private key of an SFTP server, as `generateSshHostKey` makes it. */
  readonly hostKey?: string | undefined;
}

/** One kind of the bulk path: both of its ends. */
export interface BulkKind {
  /** The updater's side. */
  openPath(options: BulkClientOptions): BulkPath;
  /**
   * The device's side.
   *
   * @throws PosternError `bulk-listen-failed`, `bulk-identity-unusable`
   */
  createServer(options: KindServerOptions): Promise<BulkServer>;
}

/** @throws PosternError `bulk-identity-unusable` */
export const requireIdentity = <T>(identity: T | undefined, option: string): T => {
  if (identity !== undefined) return identity;
  throw new PosternError('bulk-identity-unusable', 'An encrypted bulk path needs a key of the device', {
    hint: `Give the option \`${option}\`.`,
  });
};
