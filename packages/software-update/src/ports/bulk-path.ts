import type { Duration } from '@postern/core';
import type { BulkPathKind } from '../scheme/update-scheme.ts';

/** Where a device accepts the bulk path. */
export interface BulkEndpoint {
  readonly host: string;
  readonly port: number;
  /** `ftp` unless given. */
  readonly kind?: BulkPathKind;
  /**
   * What the other end of an encrypted path must prove to have, as it was told on the secure path: SHA-256 (hexadecimal)
   * of the SSH host key or of the TLS certificate in DER. Without it an encrypted path is not opened.
   */
  readonly hostKey?: string;
}

/** What the updater shows at the bulk path's door: its own ID and the one-time password. */
export interface BulkLogin {
  readonly userName: string;
  readonly oneTimePassword: string;
}

/**
 * The bulk path as the updater uses it: files by name, nothing about updates. FTP by default (B1);
 * every adapter lives in bulk-transfer.
 *
 * @spec B1
 */
export interface BulkPath {
  /**
   * Connects and logs in.
   *
   * @throws PosternError `bulk-unreachable`, `bulk-login-refused`, `bulk-timeout`, `bulk-host-unproved` (the other end
   *   has not the key of {@link BulkEndpoint.hostKey}), or `cancelled`
   */
  open(endpoint: BulkEndpoint, login: BulkLogin, signal: AbortSignal): Promise<BulkSession>;
}

/** One logged-in session. Calls are made one after the other. */
export interface BulkSession {
  /**
   * Fetches a small file.
   *
   * @param limit bytes; a longer file is refused with `bulk-too-long`
   * @throws PosternError `bulk-file-refused`, `bulk-too-long`, `bulk-connection-lost`, `bulk-timeout`
   */
  retrieve(name: string, limit: number, signal: AbortSignal): Promise<Uint8Array>;
  /** How many bytes of `name` the other side holds; 0 when it holds none or does not tell. */
  size(name: string, signal: AbortSignal): Promise<number>;
  /**
   * Sends `content` as `name`, behind the `offset` bytes that are there already (0 replaces what is there).
   *
   * @throws PosternError `bulk-file-refused` (its message carries the other side's reply), `bulk-connection-lost`, `bulk-timeout`
   */
  store(
    name: string,
    content: AsyncIterable<Uint8Array>,
    options: {
      readonly offset: number;
      readonly onProgress?: (sentBytes: number) => void;
    },
    signal: AbortSignal,
  ): Promise<void>;
  /** Resolves when the session has ended, whoever ended it. Never rejects. */
  readonly closed: Promise<void>;
  /** Ends the session politely; waits no longer than `limit`. */
  close(limit: Duration): Promise<void>;
}

/** Codes of errors thrown by bulk path adapters. */
export type BulkCode =
  | 'bulk-unreachable'
  | 'bulk-login-refused'
  | 'bulk-host-unproved'
  | 'bulk-file-refused'
  | 'bulk-too-long'
  | 'bulk-connection-lost'
  | 'bulk-timeout';
