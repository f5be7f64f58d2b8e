import { stat } from 'node:fs/promises';
import {
  type Clock,
  type Duration,
  errorCode,
  errorMessage,
  Hours,
  type Instant,
  type Logger,
  Seconds,
  type Timer,
} from '@postern/core';
import { readText } from '../private-files.ts';
import { canonicalSerial, type PublishedList, readPublishedList, unusable } from './published-list.ts';

/** The revocation list in force at a node. */
export interface RevocationList {
  /** For TLS contexts. */
  readonly crlPem: string;
  /** From then on it says nothing any more, and nobody is to be trusted. */
  readonly validUntil: Instant;
  /** @param serial of a certificate of the CA, hexadecimal */
  isRevoked(serial: string): boolean;
  /**
   * Calls `listener` whenever another list has come into force.
   *
   * @returns ends that
   */
  onChange(listener: () => void): () => void;
  /** Looks at the file no more. */
  close(): void;
}

export interface RevocationListOptions {
  /** PEM, as `postern pki crl` writes it. */
  readonly path: string;
  /** Whose list it has to be. */
  readonly caPem: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How often it is looked for a new list. */
  readonly checkEvery?: Duration;
}

/** A longer file, in bytes, is no list: at 40 bytes an entry it has room for 400,000. */
const LONGEST = 16 * 1_048_576;

/** While something is wrong it is said again so often. */
const REMINDER = Hours(1);

/** In this last part of its validity a list should have been replaced. */
const LAST_PART = 0.25;

/**
 * Opens a revocation list and keeps to what its file says. A file that is missing, wrong, outdated or older than the
 * list in force changes nothing while the node runs, and is warned of. A list in force that becomes outdated is a matter
 * of OpenSSL: it refuses everybody, for nobody knows who was revoked since.
 *
 * @throws PosternError `revocation-list-unusable`
 * @spec A1
 */
export const openRevocationList = async (options: RevocationListOptions): Promise<RevocationList> => {
  const { found, version } = await readFile(options);
  return new WatchedList(options, found, version);
};

/** {@link openRevocationList} where a file is configured; undefined where none is, and nobody is ever revoked. */
export const openRevocations = async (
  path: string | undefined,
  options: Omit<RevocationListOptions, 'path'>,
): Promise<RevocationList | undefined> =>
  path === undefined ? undefined : openRevocationList({ ...options, path });

class WatchedList implements RevocationList {
  readonly #options: RevocationListOptions;
  readonly #listeners = new Set<() => void>();
  #list: PublishedList;
  /** Of the file that was read last. */
  #version: string;
  #warned: { readonly what: string; readonly at: number } | undefined;
  #closed = false;
  #timer: Timer | undefined;

  constructor(options: RevocationListOptions, list: PublishedList, version: string) {
    this.#options = options;
    this.#list = list;
    this.#version = version;
    this.#schedule();
  }

  get crlPem(): string {
    return this.#list.crlPem;
  }

  get validUntil(): Instant {
    return this.#list.validUntil;
  }

  isRevoked(serial: string): boolean {
    return this.#list.revoked.has(canonicalSerial(serial));
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
    this.#listeners.clear();
  }

  #schedule(): void {
    const { clock, checkEvery = Seconds(5) } = this.#options;
    this.#timer = clock.schedule(checkEvery, () => void this.#check(), { background: true });
  }

  async #check(): Promise<void> {
    if (this.#closed) return;
    try {
      await this.#renew();
      this.#remind();
    } catch (error) {
      this.#warn(errorMessage(error));
    }
    if (!this.#closed) this.#schedule();
  }

  async #renew(): Promise<void> {
    const { path, logger } = this.#options;
    if ((await versionOf(path)) === this.#version) return;
    const { found, version } = await readFile(this.#options);
    if (this.#closed) return;
    if (found.issuedAt < this.#list.issuedAt) throw unusable(`${path} is older than the list in force`);
    this.#version = version;
    this.#warned = undefined;
    if (found.crlPem === this.#list.crlPem) return;
    this.#list = found;
    logger.info('A revocation list has come into force', { path, revoked: found.revoked.size });
    for (const listener of [...this.#listeners]) listener();
  }

  #remind(): void {
    const { path, clock } = this.#options;
    const { issuedAt, validUntil } = this.#list;
    const rest = validUntil - clock.now();
    if (rest > (validUntil - issuedAt) * LAST_PART) return;
    this.#warn(
      rest > 0 ? `${path} will soon be outdated` : `${path} is outdated: nobody is trusted any more`,
    );
  }

  #warn(what: string): void {
    const { clock, logger, path } = this.#options;
    const now = clock.monotonic();
    if (this.#warned?.what === what && now - this.#warned.at < REMINDER) return;
    this.#warned = { what, at: now };
    const { hint } = unusable(what);
    const validUntil = new Date(this.#list.validUntil).toISOString();
    logger.error('The revocation list has to be replaced', { path, what, validUntil, hint });
  }
}

const readFile = async ({
  path,
  caPem,
  clock,
}: RevocationListOptions): Promise<{ readonly found: PublishedList; readonly version: string }> => {
  const version = await versionOf(path);
  const text = await readText(path);
  if (version === undefined || text === undefined) throw unusable(`${path} does not exist`);
  const found = await readPublishedList(text, caPem, path);
  if (clock.now() >= found.validUntil) {
    throw unusable(`${path} is outdated since ${new Date(found.validUntil).toISOString()}`);
  }
  return { found, version };
};

/** Changes whenever the file is written or replaced; `undefined` while there is none. */
const versionOf = async (path: string): Promise<string | undefined> => {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    if (size > LONGEST) throw unusable(`${path} is too long for a revocation list`);
    return `${mtimeMs} ${size} ${ino}`;
  } catch (error) {
    if (errorCode(error, '') === 'ENOENT') return undefined;
    throw error;
  }
};
