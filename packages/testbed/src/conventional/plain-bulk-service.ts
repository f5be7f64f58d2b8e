import { type Clock, type Duration, Milliseconds, type Timer } from '@postern/core';
import {
  type BulkReceiver,
  type BulkService,
  type BulkServiceSession,
  formatVersionReport,
  imageName,
  parseBulkName,
  updateError,
  versionReportName,
} from '@postern/software-update';
import type { PlainSoftware } from './plain-software.ts';

export interface PlainBulkServiceOptions {
  readonly software: PlainSoftware;
  readonly clock: Clock;
  /** Whether this login opens the bulk path now. */
  readonly accepts: (userName: string, password: string) => boolean;
  /** From the last image until the restart: what installing takes (S17). Default 20 ms. */
  readonly installTime?: Duration;
  /** The flash memory fails and does not say so: the device restarts with what it had. */
  readonly losesImages?: boolean;
  /** Told after each restart (S18). */
  readonly onRestarted?: () => void;
}

const INSTALL_TIME = Milliseconds(20);

/**
 * The bulk path of a device that trusts whoever has logged in: it shows its versions, takes any image under the name of
 * one of its components, and restarts with it.
 */
export class PlainBulkService implements BulkService {
  readonly #options: PlainBulkServiceOptions;
  readonly #sessions = new Set<AbortController>();
  #restart: Timer | undefined;
  #receiving = 0;
  #jobs = 0;
  #due = false;
  #restarting: Promise<void> = Promise.resolve();

  constructor(options: PlainBulkServiceOptions) {
    this.#options = options;
  }

  /** {@link BulkService.login} */
  async login(userName: string, password: string): Promise<BulkServiceSession | undefined> {
    await this.#restarting;
    return this.#options.accepts(userName, password) ? this.#view() : undefined;
  }

  /** A job of the device begins: it does not restart before {@link endJob}. */
  beginJob(): void {
    this.#jobs += 1;
  }

  endJob(): void {
    this.#jobs -= 1;
    if (this.#due) this.#scheduleRestart();
  }

  /** Drops every session and restarts no more. */
  async stop(): Promise<void> {
    this.#restart?.cancel();
    this.#due = false;
    await this.#restarting;
  }

  #view(): BulkServiceSession {
    const { software } = this.#options;
    const session = new AbortController();
    this.#sessions.add(session);
    const report = (): Uint8Array => formatVersionReport({ versions: software.versions });
    return {
      list: async () => [
        { name: versionReportName(), size: report().length, access: 'r' },
        ...Object.keys(software.versions).map((name) => ({
          name: imageName(name),
          size: 0,
          access: 'w' as const,
        })),
      ],
      read: async (name) => (name === versionReportName() ? report() : undefined),
      size: async (name) => (name === versionReportName() ? report().length : undefined),
      receive: async (name, offset) => this.#receive(name, offset),
      revoked: session.signal,
      ended: () => {
        this.#sessions.delete(session);
      },
    };
  }

  async #receive(name: string, offset: number): Promise<BulkReceiver> {
    const { software } = this.#options;
    const parsed = parseBulkName(name);
    if (parsed?.kind !== 'image' || !software.has(parsed.component)) {
      throw updateError('transfer-refused', 'The device has no such component');
    }
    if (offset !== 0)
      throw updateError('transfer-refused', 'The device takes images from the beginning only');
    this.#restart?.cancel();
    this.#receiving += 1;
    const receiver = await software.receive(parsed.component, () => {
      this.#due = true;
    });
    const over = (): void => {
      this.#receiving -= 1;
      if (this.#due) this.#scheduleRestart();
    };
    return {
      write: (chunk) => receiver.write(chunk),
      finish: () => receiver.finish().finally(over),
      abort: () => receiver.abort().finally(over),
    };
  }

  /** Several images may come one after the other: the restart follows the last. */
  #scheduleRestart(): void {
    const { clock, installTime = INSTALL_TIME } = this.#options;
    this.#restart?.cancel();
    if (this.#receiving > 0 || this.#jobs > 0) return;
    this.#restart = clock.schedule(installTime, () => {
      this.#due = false;
      this.#restarting = this.#installAndRestart();
    });
  }

  async #installAndRestart(): Promise<void> {
    const { software, losesImages, onRestarted } = this.#options;
    await (losesImages ? software.discard() : software.install());
    for (const session of this.#sessions) session.abort();
    onRestarted?.();
  }
}
