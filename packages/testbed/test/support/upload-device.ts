import { createFtpServer, type FtpServer } from '@postern/bulk-transfer';
import { PosternError, silentLogger, systemClock } from '@postern/core';
import type { BulkReceiver, BulkService } from '@postern/software-update';

/** The least that a device's bulk side is: one readable file and one upload, kept across sessions. */
export class UploadDevice implements BulkService {
  readonly userName = 'site-a';
  readonly oneTimePassword = 'one-time-secret';
  readonly report = Buffer.from('main=1.0\nnonce=abc\n');
  /** Bytes an upload may have. */
  capacity = 10_000_000;
  image = Buffer.alloc(0);
  #server: FtpServer | undefined;

  async start(): Promise<{ readonly host: string; readonly port: number }> {
    const host = '127.0.0.1';
    this.#server = await createFtpServer({
      service: this,
      clock: systemClock,
      logger: silentLogger,
      host,
      port: 0,
    });
    return { host, port: this.#server.port };
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  async login(userName: string, password: string): ReturnType<BulkService['login']> {
    if (userName !== this.userName || password !== this.oneTimePassword) return undefined;
    return {
      list: async () => [{ name: 'version.txt', size: this.report.length, access: 'r' }],
      read: async (name) => (name === 'version.txt' ? this.report : undefined),
      size: async (name) => (name === 'image.bin' ? this.image.length : undefined),
      receive: async (_name, offset) => this.#receive(offset),
      revoked: new AbortController().signal,
      ended: () => {},
    };
  }

  #receive(offset: number): BulkReceiver {
    this.image = this.image.subarray(0, offset);
    return {
      write: async (chunk) => {
        this.image = Buffer.concat([this.image, chunk]);
        if (this.image.length > this.capacity) throw new PosternError('too-long', 'Too many bytes');
      },
      finish: async () => `${this.image.length} bytes taken`,
      abort: async () => {},
    };
  }
}
