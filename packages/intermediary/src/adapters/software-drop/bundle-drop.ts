import {
  type Clock,
  type Duration,
  errorCode,
  errorMessage,
  type Logger,
  Minutes,
  withDeadline,
} from '@postern/core';
import type { BulkReceiver, BulkServiceSession } from '@postern/software-update';
import { readBundleTar } from '@postern/storage';
import type { SiteOperations } from '../../domain/local/site-operations.ts';
import type { ShelfItem } from '../../domain/shelf/ports.ts';
import { intermediaryError } from '../../errors.ts';
import type { IncomingFile, IncomingFolder } from './incoming.ts';

export interface BundleDropOptions {
  readonly incoming: IncomingFolder;
  readonly operations: Pick<SiteOperations, 'import'>;
  /** From the beginning of an upload until its end. */
  readonly longestUpload: Duration;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Who has logged in, for the log. */
export type DropGuest = Readonly<Record<'userName' | 'key' | 'owner' | 'peer', string>>;

/** From the last byte until the verdict: every image is copied and hashed. */
export const IMPORT_TIME: Duration = Minutes(10);

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.tar$/;

/**
 * What those see who drop software: nothing. They write bundles, and a bundle that is closed is imported like every
 * other software; the verdict is the answer to the closing.
 *
 * @spec I5
 */
export class BundleDrop {
  readonly #options: BundleDropOptions;
  readonly #ending = new AbortController();
  readonly #imports = new Set<Promise<unknown>>();

  constructor(options: BundleDropOptions) {
    this.#options = options;
  }

  session(guest: DropGuest): BulkServiceSession {
    return {
      list: async () => [],
      read: async () => undefined,
      size: async () => undefined,
      receive: (name, offset) => this.#receive(guest, name, offset),
      revoked: this.#ending.signal,
      ended: () => {},
    };
  }

  /** Breaks imports off. Resolves when nothing touches the site any more. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.allSettled(this.#imports);
  }

  async #receive(guest: DropGuest, name: string, offset: number): Promise<BulkReceiver> {
    const { incoming, longestUpload, clock, logger } = this.#options;
    const log = logger.child({ ...guest, file: name });
    const latest = clock.monotonic() + longestUpload;
    const file = await told(log, async () => {
      if (!NAME.test(name)) throw intermediaryError('drop-name-invalid', `${name} is no name for a bundle`);
      if (offset !== 0) throw new TypeError('Uploads at the drop begin at the beginning');
      return incoming.begin();
    });
    return {
      write: (chunk) =>
        told(log, async () => {
          if (clock.monotonic() > latest) {
            throw intermediaryError('drop-too-slow', `An upload may take ${longestUpload} ms`);
          }
          await file.write(chunk);
        }),
      finish: () => this.#kept(told(log, () => this.#import(file, log))),
      abort: async () => {
        log.info('An upload of software has ended unfinished', { bytes: file.length });
        await file.remove();
      },
    };
  }

  async #import(file: IncomingFile, log: Logger): Promise<string> {
    const { operations, clock } = this.#options;
    let importing: Promise<ShelfItem> | undefined;
    try {
      const { id, manifest } = await withDeadline(
        clock,
        IMPORT_TIME,
        'Importing the bundle',
        this.#ending.signal,
        (signal) => {
          importing = operations.import(readBundleTar(file.read()), 'drop', signal);
          return importing;
        },
      );
      log.info('Software was dropped', { software: manifest.software, id, bytes: file.length });
      return `${manifest.software} is on the shelf as ${id}`;
    } finally {
      // One that is given up has file and database still in its hands for a moment.
      await Promise.allSettled([importing]);
      await file.remove();
    }
  }

  #kept<T>(importing: Promise<T>): Promise<T> {
    this.#imports.add(importing);
    const forget = (): void => void this.#imports.delete(importing);
    importing.then(forget, forget);
    return importing;
  }
}

/** Whoever looks after the site reads why software was refused, like whoever sent it. */
const told = async <T>(log: Logger, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    log.warn('Dropped software was refused', {
      code: errorCode(error, 'internal'),
      reason: errorMessage(error),
    });
    throw error;
  }
};
