import type { Duration } from '@postern/core';

/** Which uploads a rule strikes: one of them, or all. */
export type Struck = number | 'every';

/**
 * What an attacker on the bulk path does, as one record. Uploads count from 1 over the proxy's life; offsets and
 * lengths count the bytes of one data connection (a resumed transfer begins again at 0). Absent rules do nothing.
 */
export interface TamperingRules {
  /** Inverts the lowest bit of the byte at `offset`. */
  readonly flipByte?: { readonly upload: Struck; readonly offset: number };
  /** The receiver gets the first `bytes` bytes only, and then a regular end. */
  readonly truncate?: { readonly upload: Struck; readonly bytes: number };
  /** The receiver gets `content` in place of what was sent. */
  readonly replaceUpload?: { readonly upload: Struck; readonly content: Uint8Array };
  /** Nothing passes but `bytes` bytes, and after each `pause` as many again. */
  readonly trickle?: { readonly upload: Struck; readonly bytes: number; readonly pause: Duration };
  /** Behind the upload come zeros without an end. */
  readonly appendEndless?: { readonly upload: Struck };
  /** After `bytes` bytes nothing passes any more, until the proxy resumes or closes; the connections stay. */
  readonly stall?: { readonly upload: number; readonly bytes: number };
  /** Ends control and data connection at byte `bytes` of each of the first `times` uploads that get so far. */
  readonly cutAt?: { readonly bytes: number; readonly times: number };
  /** What the client gets in place of a retrieved file of at most 1 MiB. */
  readonly rewriteDownload?: (name: string, content: Buffer) => Buffer;
}
