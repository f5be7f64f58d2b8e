import { join } from 'node:path';
import { createSftpDropServer, type KeyLoginService } from '@postern/bulk-transfer/sftp-drop';
import { type Clock, type Logger, Milliseconds, Seconds } from '@postern/core';
import type { DropConfig } from '../../config.ts';
import type { SiteOperations } from '../../domain/local/site-operations.ts';
import { BundleDrop, IMPORT_TIME } from './bundle-drop.ts';
import { dropHostKey } from './host-key.ts';
import { IncomingFolder, incomingDirectory } from './incoming.ts';
import { currentKeys, readListedKeys } from './listed-keys.ts';

export interface SoftwareDropOptions {
  readonly config: DropConfig;
  readonly dataDir: string;
  readonly operations: Pick<SiteOperations, 'import'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Where peers and operators leave software. */
export interface SoftwareDrop {
  readonly port: number;
  /** SHA-256 of its SSH host key, 64 hexadecimal digits. */
  readonly hostKey: string;
  close(): Promise<void>;
}

/**
 * Opens the SFTP drop. Call it when the data directory's lock is held.
 *
 * @throws PosternError `drop-unusable`, `authorized-keys-invalid`, `bulk-identity-unusable`, `bulk-listen-failed`
 * @spec I5
 */
export const openSoftwareDrop = async (options: SoftwareDropOptions): Promise<SoftwareDrop> => {
  const { config, dataDir, operations, clock, logger } = options;
  const { host, port, authorizedKeysFile, mostBytes, longestUpload } = config;
  const { length: keys } = await readListedKeys(authorizedKeysFile);
  const hostKey = await dropHostKey(config.hostKeyFile ?? join(dataDir, 'drop-host-key'));
  const incoming = await IncomingFolder.open(incomingDirectory(dataDir), mostBytes);
  const drop = new BundleDrop({ incoming, operations, longestUpload, clock, logger });
  const service = keyLogins(drop, authorizedKeysFile, logger);
  // The import's own limit is to pass first: it has the better words.
  const limits = { serviceTime: Milliseconds(IMPORT_TIME + Seconds(10)) };
  const server = await createSftpDropServer({ service, hostKey, host, port, limits, clock, logger });
  const fingerprint = server.fingerprint ?? '';
  logger.info('Software can be dropped', {
    port: server.port,
    keys,
    fingerprint,
    hostKey: openSshFingerprint(fingerprint),
  });
  return {
    port: server.port,
    hostKey: fingerprint,
    close: async () => {
      await drop.close();
      await server.close();
    },
  };
};

const keyLogins = (drop: BundleDrop, listFile: string, logger: Logger): KeyLoginService => ({
  authorizedKeys: () => currentKeys(listFile, logger),
  loginByKey: async (userName, key, peer) => {
    const owner = (await currentKeys(listFile, logger)).find(({ fingerprint }) => fingerprint === key);
    return owner && drop.session({ userName, key, owner: owner.comment, peer });
  },
});

/** As `ssh-keygen -l` and OpenSSH's clients show it. */
const openSshFingerprint = (fingerprint: string): string =>
  `SHA256:${Buffer.from(fingerprint, 'hex').toString('base64').replace(/=+$/, '')}`;
