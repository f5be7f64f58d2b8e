import { createHash, timingSafeEqual } from 'node:crypto';
import { createFtpServer, type FtpServerOptions } from '@postern/bulk-transfer';
import type { Clock, Duration, Logger } from '@postern/core';
import { PlainBulkService } from './plain-bulk-service.ts';
import { PlainSoftware } from './plain-software.ts';

/** The ID and the password that both sides were given once, and keep. */
export interface FixedLogin {
  readonly userName: string;
  readonly password: string;
}

export interface ConventionalDeviceOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly host: string;
  /** 0: given by the system. */
  readonly port: number;
  readonly login: FixedLogin;
  /** Where its software lies. */
  readonly directory: string;
  /** What it leaves the factory with; the first line is the version. */
  readonly firmware: Uint8Array;
  /** Room for an image. Default: 1 GiB. */
  readonly storageBytes?: number;
  readonly installTime?: Duration;
  readonly losesImages?: boolean;
  readonly limits?: FtpServerOptions['limits'];
}

/** A running device of the conventional scheme. */
export interface ConventionalDevice {
  readonly port: number;
  /** What it says that it runs. */
  readonly version: string;
  /** Control connections that are open now. */
  readonly sessions: number;
  /** Bytes of the longest upload that it stored so far. */
  readonly mostTaken: number;
  /** What it runs. */
  image(): Promise<Buffer>;
  close(): Promise<void>;
}

const STORAGE_BYTES = 1_024 ** 3;

/**
 * The target of the conventional scheme: an FTP server under a fixed ID and password that installs what it is sent.
 * The baseline to compare with and to attack; no tier knows of it.
 *
 * @throws PosternError `ftp-listen-failed`
 * @spec P2
 */
export const startConventionalDevice = async (
  options: ConventionalDeviceOptions,
): Promise<ConventionalDevice> => {
  const { clock, logger, host, port, login, directory, firmware, limits } = options;
  const { storageBytes = STORAGE_BYTES, installTime, losesImages } = options;
  const software = await PlainSoftware.open({ directory, storageBytes }, { firmware });
  const service = new PlainBulkService({
    software,
    clock,
    accepts: (userName, password) => sameLogin(login, { userName, password }),
    ...(installTime === undefined ? {} : { installTime }),
    ...(losesImages === undefined ? {} : { losesImages }),
  });
  const listening = { service, clock, logger, host, port };
  const server = await createFtpServer({ ...listening, ...(limits === undefined ? {} : { limits }) });
  return {
    port: server.port,
    get version() {
      return software.versions['firmware'] ?? '';
    },
    get mostTaken() {
      return software.mostTaken;
    },
    get sessions() {
      return server.sessions;
    },
    image: () => software.image('firmware'),
    close: async () => {
      await service.stop();
      await server.close();
    },
  };
};

/** In constant time, whatever the lengths. */
export const sameLogin = (expected: FixedLogin, tried: FixedLogin): boolean =>
  timingSafeEqual(digestOf(expected), digestOf(tried));

const digestOf = ({ userName, password }: FixedLogin): Buffer =>
  createHash('sha256').update(`${userName}\0${password}`).digest();
