import { createFtpServer, type FtpLimits, type FtpServer, ftpBulkPath } from '@postern/bulk-transfer';
import { type Clock, silentLogger, systemClock } from '@postern/core';
import type { BulkPath, BulkSession } from '@postern/software-update';
import { MemoryBulkService } from './memory-bulk-service.ts';
import { RawClient } from './raw-client.ts';

/** One FTP server over a memory service, with the clients a test needs. */
export interface Site {
  readonly service: MemoryBulkService;
  readonly server: FtpServer;
  readonly path: BulkPath;
  open(password?: string): Promise<BulkSession>;
  raw(): Promise<RawClient>;
}

export const startSite = async (
  options: { clock?: Clock; limits?: Partial<FtpLimits> } = {},
): Promise<Site> => {
  const service = new MemoryBulkService();
  const clock = options.clock ?? systemClock;
  const server = await createFtpServer({
    service,
    clock,
    logger: silentLogger,
    host: '127.0.0.1',
    port: 0,
    limits: options.limits ?? {},
  });
  const path = ftpBulkPath({ clock: systemClock, logger: silentLogger });
  return {
    service,
    server,
    path,
    open: (password = service.password) =>
      path.open(
        { host: '127.0.0.1', port: server.port },
        { userName: service.userName, oneTimePassword: password },
        neverAborted,
      ),
    raw: () => RawClient.login(server.port, service.userName, service.password),
  };
};

export const neverAborted = new AbortController().signal;

/** `count` chunks of `size` bytes, each filled with its number. */
export async function* chunks(count: number, size: number): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < count; index += 1) yield Buffer.alloc(size, index);
}
