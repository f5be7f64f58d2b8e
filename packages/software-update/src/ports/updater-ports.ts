import type { Clock, Entropy, Logger } from '@postern/core';
import type { UpdateCredential } from '../credential/one-time-password.ts';
import type { JournalEntry } from '../journal/steps.ts';
import type { SoftwareManifest } from '../manifest/manifest.ts';
import type { ShareResult, UpdateJob, UpdaterState } from '../updater/state.ts';
import type { BulkPath } from './bulk-path.ts';

/** Everything an updater reaches the world through. */
export interface UpdaterPorts {
  readonly clock: Clock;
  readonly entropy: Entropy;
  readonly logger: Logger;
  readonly journal: UpdateJournal;
  readonly images: ImageSource;
  readonly securePath: SecurePath;
  readonly bulkPath: BulkPath;
  readonly mailbox: UpdateMailbox;
  /** Told often while bytes move; the receiver thins it out. */
  readonly onProgress: (progress: TransferProgress) => void;
}

/** The durable record of one update. */
export interface UpdateJournal {
  /**
   * Writes the state and its journal lines in one transaction that has reached the disk on return. A state in the
   * phase `reporting` is put into the outbox in the same transaction, so the result goes up exactly once.
   */
  commit(state: UpdaterState, steps: readonly JournalEntry[]): void;
}

/** Where images come from. */
export interface ImageSource {
  /**
   * Sees to it that every image of the manifest is held here, whole and verified.
   *
   * @returns for people: how many bytes came over the uplink
   * @throws PosternError `image-missing`, `storage-full`, `digest-mismatch`, or a transient transport code
   */
  prepare(manifest: SoftwareManifest, signal: AbortSignal): Promise<string>;
  /** The bytes of an image from `offset` on. */
  open(sha256: string, offset: number): AsyncIterable<Uint8Array>;
}

/**
 * The secure path to one device.
 *
 * @throws PosternError with the device's refusal code, or a transport code (`unreachable` when nothing can have been stored)
 */
export interface SecurePath {
  /** Sends the credential and the manifest (S103–S106). */
  share(job: UpdateJob, credential: UpdateCredential, signal: AbortSignal): Promise<ShareResult>;
  /** Overwrites the one-time password with a random erasure password (S120–S123). */
  erase(job: UpdateJob, userName: string, signal: AbortSignal): Promise<void>;
}

/** What reaches a running update from outside its own effects. Each is a level, not a pulse: it stays until taken. */
export interface UpdateMailbox {
  /** Resolves with the program that notified its start since the last call, or when the signal aborts with `undefined`. */
  nextStart(signal: AbortSignal): Promise<string | undefined>;
  /** Drops notifications not yet taken: a start before the transfer says nothing about the start after it. */
  forgetStarts(): void;
  /** Aborts when the operator cancels. */
  readonly cancelled: AbortSignal;
  /** Resolves when the server has acknowledged the result. */
  acknowledged(signal: AbortSignal): Promise<void>;
}

/** Bytes of the transfer under way. */
export interface TransferProgress {
  readonly doneBytes: number;
  readonly totalBytes: number;
}
