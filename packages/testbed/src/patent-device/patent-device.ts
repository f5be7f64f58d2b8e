import { createFtpServer, type FtpServer } from '@postern/bulk-transfer';
import { type Clock, type Closers, createClosers, type Logger } from '@postern/core';
import type { EnrolledNode } from '@postern/pki';
import { PlainBulkService } from '../conventional/plain-bulk-service.ts';
import { PlainSoftware } from '../conventional/plain-software.ts';
import type { Endpoint } from '../tcp/listener.ts';
import { openNotices } from './notices.ts';
import { openSecurePath } from './secure-path.ts';
import { StoredPassword } from './stored-password.ts';

export interface PatentDeviceOptions {
  readonly id: string;
  readonly model: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly node: EnrolledNode;
  readonly intermediary: { readonly name: string; readonly secureUrl: string };
  /** Where its software lies. */
  readonly directory: string;
  /** What it leaves the factory with, by component; the first line of an image is its version. */
  readonly software: Readonly<Record<string, Uint8Array>>;
  /** The ports under which others reach it, where somebody stands in between. */
  readonly advertised?: { readonly soap?: number; readonly ftp?: number };
  /** Room for an image. Default: 64 MiB. */
  readonly storageBytes?: number;
  readonly losesImages?: boolean;
  /** Told of each attempt to register and to notify the start, whether both were accepted. */
  readonly onAnnounced?: (accepted: boolean) => void;
}

/** A running device of another vendor. */
export interface PatentDevice {
  readonly id: string;
  readonly soap: Endpoint;
  readonly ftp: Endpoint;
  /** What it says that it runs. */
  readonly versions: Readonly<Record<string, string>>;
  /** Bytes of the longest upload that it stored so far. */
  readonly mostTaken: number;
  /** What it runs. */
  image(component: string): Promise<Buffer>;
  /** A job of the device begins: no restart before {@link endJob}. */
  beginJob(): void;
  endJob(): void;
  close(): Promise<void>;
}

const HOST = '127.0.0.1';
const STORAGE_BYTES = 64 * 1_024 * 1_024;

/**
 * A device of another vendor that has implemented the patent's part of the contracts and nothing else: mutual TLS, a
 * one-time password that is overwritten, FTP, a plain version report, images taken as they come, a start notification.
 * Manifest, report key, nonce and lifetime mean nothing to it, and it counts no wrong tries: X1, X2 and X3 are off.
 *
 * @throws PosternError `listen-failed`, `ftp-listen-failed`
 * @spec U1 U6 U8 U12 A1
 */
export const startPatentDevice = async (options: PatentDeviceOptions): Promise<PatentDevice> => {
  const closers = createClosers();
  try {
    return await start(options, closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
};

const start = async (options: PatentDeviceOptions, closers: Closers): Promise<PatentDevice> => {
  const { id, clock, logger, directory, storageBytes = STORAGE_BYTES, losesImages, advertised } = options;
  const password = new StoredPassword();
  const software = await PlainSoftware.open({ directory, storageBytes }, options.software);
  const service = new PlainBulkService({
    software,
    clock,
    accepts: (userName, tried) => password.opens(userName, tried),
    onRestarted: () => notices.started(),
    ...(losesImages === undefined ? {} : { losesImages }),
  });
  const ftp: FtpServer = await createFtpServer({ service, clock, logger, host: HOST, port: 0 });
  closers.add(() => ftp.close());
  closers.add(() => service.stop());
  const facts = {
    id,
    model: options.model,
    versions: () => software.versions,
    soapPort: () => advertised?.soap ?? secure.port,
    ftpPort: () => advertised?.ftp ?? ftp.port,
  };
  const secure = await openSecurePath({ ...options, facts, password });
  closers.add(() => secure.close());
  const notices = openNotices({ ...options, facts });
  closers.add(() => notices.close());
  notices.started();
  return {
    id,
    soap: { host: HOST, port: secure.port },
    ftp: { host: HOST, port: ftp.port },
    get versions() {
      return software.versions;
    },
    get mostTaken() {
      return software.mostTaken;
    },
    image: (component) => software.image(component),
    beginJob: () => service.beginJob(),
    endJob: () => service.endJob(),
    close: () => closers.close(),
  };
};
