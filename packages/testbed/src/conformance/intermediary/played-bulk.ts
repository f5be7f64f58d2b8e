import { createHash } from 'node:crypto';
import { type Clock, Milliseconds } from '@postern/core';
import {
  type BulkReceiver,
  type BulkService,
  type BulkServiceSession,
  formatVersionReport,
  parseBulkName,
  updateError,
  versionReportName,
} from '@postern/software-update';
import type { DeviceConduct } from './device-conduct.ts';
import type { Happenings } from './happenings.ts';

/** What the device holds for its updater. */
export interface HeldPassword {
  readonly userName: string;
  readonly password: string;
  readonly jobId: string;
  /** Hexadecimal. */
  readonly reportKey: string | undefined;
}

export interface PlayedBulkOptions {
  readonly deviceId: string;
  readonly conduct: () => DeviceConduct;
  readonly held: () => HeldPassword | undefined;
  readonly happenings: Happenings;
  readonly clock: Clock;
  /** The awaited image is whole. */
  readonly onWhole: () => void;
}

/** So much of an image is kept. */
const MOST_BYTES = 16 << 20;
/** From the last byte until the restart, so that the transfer ends in good order. */
const INSTALL_TIME = Milliseconds(50);

/** The bulk path of the device that is played: it tells who logged in and what was read and stored. */
export class PlayedBulk implements BulkService {
  readonly #options: PlayedBulkOptions;
  readonly #sessions = new Set<AbortController>();
  readonly #partial = new Map<string, Buffer>();
  #dropped = false;

  constructor(options: PlayedBulkOptions) {
    this.#options = options;
  }

  /** {@link BulkService.login} */
  async login(userName: string, password: string): Promise<BulkServiceSession | undefined> {
    const { held, happenings } = this.#options;
    const wanted = held();
    const opened = wanted?.userName === userName && wanted.password === password;
    happenings.add({ kind: 'login', opened });
    return opened ? this.#view() : undefined;
  }

  /** Drops everybody, and what has not become whole. */
  reset(): void {
    this.dropSessions();
    this.#partial.clear();
    this.#dropped = false;
  }

  dropSessions(): void {
    for (const session of this.#sessions) session.abort();
    this.#sessions.clear();
  }

  #view(): BulkServiceSession {
    const session = new AbortController();
    this.#sessions.add(session);
    return {
      list: async () => [{ name: versionReportName(), size: this.#report().length, access: 'r' }],
      read: async (name) => this.#read(name),
      size: async (name) => {
        const parsed = parseBulkName(name);
        if (parsed?.kind === 'image') return this.#partial.get(parsed.component)?.length;
        return parsed === undefined ? undefined : this.#report(parsed.nonce).length;
      },
      receive: async (name, offset) => this.#receive(name, offset),
      revoked: session.signal,
      ended: () => {
        this.#sessions.delete(session);
      },
    };
  }

  #read(name: string): Uint8Array | undefined {
    const parsed = parseBulkName(name);
    if (parsed?.kind !== 'version-report') return undefined;
    this.#options.happenings.add({ kind: 'report-read', nonce: parsed.nonce });
    return this.#report(parsed.nonce);
  }

  #report(nonce?: string): Uint8Array {
    const { conduct, held, deviceId } = this.#options;
    const { versions, forgesReports, beyondPatent } = conduct();
    const { jobId, reportKey } = held() ?? {};
    if (!beyondPatent || nonce === undefined || jobId === undefined || reportKey === undefined) {
      return formatVersionReport({ versions });
    }
    const key = forgesReports ? '00'.repeat(32) : reportKey;
    return formatVersionReport({ versions }, { deviceId, jobId, nonce, reportKey: key });
  }

  #receive(name: string, offset: number): BulkReceiver {
    const parsed = parseBulkName(name);
    const { versions } = this.#options.conduct();
    if (parsed?.kind !== 'image' || !Object.hasOwn(versions, parsed.component)) {
      throw updateError('transfer-refused', 'The device has no such component');
    }
    const { component } = parsed;
    let content = (this.#partial.get(component) ?? Buffer.alloc(0)).subarray(0, offset);
    const keep = async (): Promise<void> => {
      this.#partial.set(component, content);
    };
    return {
      write: async (chunk) => {
        if (content.length + chunk.length > MOST_BYTES)
          throw updateError('too-long', 'There is no more room');
        content = Buffer.concat([content, chunk]);
        await this.#dropOnce(content.length, keep);
      },
      finish: async () => {
        await keep();
        return this.#finished(component, content);
      },
      abort: keep,
    };
  }

  async #dropOnce(received: number, keep: () => Promise<void>): Promise<void> {
    const { dropsAfter } = this.#options.conduct();
    if (this.#dropped || dropsAfter === undefined || received < dropsAfter) return;
    this.#dropped = true;
    await keep();
    this.dropSessions();
  }

  #finished(component: string, content: Buffer): string {
    const { conduct, happenings, clock, onWhole } = this.#options;
    const sha256 = createHash('sha256').update(content).digest('hex');
    const { awaited } = conduct();
    happenings.add({ kind: 'image-stored', component, sha256, bytes: content.length });
    if (awaited === undefined || awaited.component !== component) {
      throw updateError('transfer-refused', 'No image of this component is awaited');
    }
    if (content.length < awaited.length) return 'More is awaited';
    this.#partial.delete(component);
    if (sha256 !== awaited.sha256) throw updateError('digest-mismatch', 'That is another image');
    clock.schedule(INSTALL_TIME, () => {
      this.dropSessions();
      onWhole();
    });
    return 'Whole';
  }
}
