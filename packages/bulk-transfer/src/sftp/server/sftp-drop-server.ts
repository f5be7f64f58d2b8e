import type { BulkServer, BulkServerOptions } from '../../common/bulk-server.ts';
import { type KeyLoginService, keyDoor } from './key-door.ts';
import type { SftpLimits } from './limits.ts';
import { serveSsh } from './sftp-server.ts';

export interface SftpDropServerOptions extends Omit<BulkServerOptions, 'service'> {
  readonly service: KeyLoginService;
  /** The host's private key as OpenSSH writes it; `generateSshHostKey` makes one. */
  readonly hostKey: string;
  readonly limits?: Partial<SftpLimits>;
}

/**
 * Serves files over SFTP as `createSftpServer` does, to those who own a listed key: there are no passwords.
 *
 * @throws PosternError `bulk-identity-unusable`, `bulk-listen-failed`
 * @spec I5
 */
export const createSftpDropServer = ({ service, ...options }: SftpDropServerOptions): Promise<BulkServer> =>
  serveSsh(options, keyDoor(service));
