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
  /** Absent where no password lists are in use. */
  readonly listedPasswords?: ListedPasswords;
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
  /**
   * Shares the one-time password in the way of the job's scheme, and the manifest with it (S103–S106, S401–S406).
   *
   * @param credential absent when the target makes the password
   */
  share(job: UpdateJob, credential: UpdateCredential | undefined, signal: AbortSignal): Promise<Shared>;
  /**
   * Ends the one-time password at the target in the way of the job's scheme (S120–S123, S421–S425). Resolves when the
   * target's copy is known to be unusable.
   *
   * @param credential absent when the target made one that never arrived here
   */
  erase(job: UpdateJob, credential: UpdateCredential | undefined, signal: AbortSignal): Promise<void>;
}

/** What came of sharing. */
export interface Shared {
  readonly target: ShareResult;
  /** The password, where the target has made it. */
  readonly credential?: UpdateCredential;
}

/**
 * The updater's half of the password lists (P1): which password is next, and telling the device that one is used up.
 * Positions only ever move forwards.
 */
export interface ListedPasswords {
  /**
   * The first password that is not used up (S41, S54), and where the device accepts it.
   *
   * @throws PosternError `password-list-missing`, `password-list-exhausted`, `device-unreachable`
   */
  next(job: UpdateJob): { readonly credential: UpdateCredential; readonly target: ShareResult };
  /**
   * Tells the device over HTTP that the password is used up, then notes it here (S45–S48).
   *
   * @param use `transfer`: it goes on to open the bulk path for this transfer; `over`: it ends now
   * @returns what the device says; nothing proves it. `next`: its first entry that is not used up
   * @throws PosternError with the device's refusal code, or a transport code
   */
  spend(
    job: UpdateJob,
    credential: UpdateCredential,
    use: 'transfer' | 'over',
    signal: AbortSignal,
  ): Promise<{ readonly manifestChecked: boolean; readonly next: number }>;
  /** Notes the password and all before it as used up here, and `further` more behind it. Told twice it changes nothing. */
  skip(job: UpdateJob, credential: UpdateCredential, further?: number): void;
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
