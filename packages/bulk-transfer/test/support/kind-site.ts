import {
  type BulkClientLimits,
  type BulkServer,
  type BulkServerLimits,
  bulkPaths,
  createBulkServer,
  generateSshHostKey,
} from '@postern/bulk-transfer';
import { type Clock, type Logger, silentLogger, systemClock } from '@postern/core';
import type { BulkEndpoint, BulkPathKind, BulkSession } from '@postern/software-update';
import { MemoryBulkService } from './memory-bulk-service.ts';
import { selfSigned } from './self-signed.ts';
import { neverAborted } from './site.ts';

export const KINDS: readonly BulkPathKind[] = ['ftp', 'ftps-explicit', 'ftps-implicit', 'sftp'];

export interface KindSite {
  readonly service: MemoryBulkService;
  readonly server: BulkServer;
  readonly endpoint: BulkEndpoint;
  open(changes?: OpenChanges): Promise<BulkSession>;
}

export interface OpenChanges {
  readonly password?: string;
  readonly endpoint?: Partial<BulkEndpoint>;
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly limits?: Partial<BulkClientLimits>;
  readonly signal?: AbortSignal;
}

/** Made once: they take time, and no test changes them. */
const identity = { tls: selfSigned(), hostKey: generateSshHostKey() };

/** A server of a kind over a memory service, and the way in. */
export const startKind = async (
  kind: BulkPathKind,
  options: { readonly clock?: Clock; readonly limits?: Partial<BulkServerLimits> } = {},
): Promise<KindSite> => {
  const service = new MemoryBulkService();
  const server = await createBulkServer(kind, {
    ...identity,
    service,
    clock: options.clock ?? systemClock,
    logger: silentLogger,
    host: '127.0.0.1',
    port: 0,
    limits: options.limits,
  });
  const endpoint: BulkEndpoint = {
    host: '127.0.0.1',
    port: server.port,
    kind,
    ...(server.fingerprint === undefined ? {} : { hostKey: server.fingerprint }),
  };
  return {
    service,
    server,
    endpoint,
    open: ({ password = service.password, ...changes } = {}) =>
      bulkPaths({
        clock: changes.clock ?? systemClock,
        logger: changes.logger ?? silentLogger,
        limits: changes.limits ?? {},
      }).open(
        { ...endpoint, ...changes.endpoint },
        { userName: service.userName, oneTimePassword: password },
        changes.signal ?? neverAborted,
      ),
  };
};
