import { Instant, type Instant as InstantType, Milliseconds } from '@postern/core';
import { bindPassword } from '../credential/one-time-password.ts';
import {
  type CredentialEvent,
  credentialTransition,
  type LiveCredential,
} from '../credential/target-credential.ts';
import { updateError } from '../errors.ts';
import type { BulkService, BulkServiceSession } from '../ports/bulk-service.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import {
  formatVersionReport,
  type ReportBinding,
  startNotificationMac,
  type TargetActivity,
} from '../version-report/version-report.ts';
import type { BootedTarget } from './boot-target.ts';
import { bulkView } from './bulk-view.ts';
import { Installer, NOTHING } from './installer.ts';
import type { Installation } from './record.ts';
import { RecordKeeper } from './record-keeper.ts';

/** A credential as it arrives on the secure path. `userName` is the authenticated sender's name. */
export interface IncomingCredential {
  readonly userName: string;
  readonly oneTimePassword: string;
  readonly expiresAt: InstantType;
  readonly jobId: string;
  /** DSSE envelope bytes. */
  readonly signedManifest?: Uint8Array;
  /** Hexadecimal. */
  readonly reportKey?: string;
  /** Hexadecimal. */
  readonly nonce?: string;
}

/**
 * The target role of a device: keeps the credential and decides what the bulk path may see. The same class serves the
 * firmware and the compact updater program. Every change is saved before anybody is answered.
 *
 * @spec U1 U2 U8 U14 X1 X3 X6
 */
export class UpdateTarget implements BulkService {
  readonly #ports: TargetPorts;
  readonly #booted: BootedTarget;
  readonly #keeper: RecordKeeper;
  readonly #installer: Installer;
  readonly #stopped = new AbortController();
  #session: AbortController | undefined;

  constructor(ports: TargetPorts, booted: BootedTarget) {
    this.#ports = ports;
    this.#booted = booted;
    this.#keeper = new RecordKeeper(ports.memory, booted.record);
    this.#installer = new Installer(ports, this.#keeper, booted.contents, this.#stopped.signal);
  }

  /** Goes on with an installation that a power cut interrupted. Call once, after the first good start. */
  resume(): void {
    this.#installer.resume();
  }

  /** Ends sessions and waits; the record stays as it is. */
  stop(): void {
    this.#stopped.abort();
    this.#session?.abort();
  }

  /** Versions that run, by component. */
  get versions(): Readonly<Record<string, string>> {
    const runs = this.#booted.program === 'firmware';
    const components = Object.values(this.#booted.contents);
    return Object.fromEntries(components.map(({ name, version }) => [name, runs ? version : UNUSABLE]));
  }

  get activity(): TargetActivity {
    return this.#installer.activity;
  }

  /** What a start notification says of an open job; empty when none is open. */
  startNotification(): { readonly jobId?: string; readonly mac?: string } {
    const { credential } = this.#keeper.record;
    if (credential.kind !== 'live') return {};
    const binding = credential.nonce === undefined ? undefined : this.#binding(credential.nonce);
    return {
      jobId: credential.jobId,
      ...(binding === undefined ? {} : { mac: startNotificationMac(binding) }),
    };
  }

  /**
   * Takes a credential and, with a manifest, what to expect under it. A refused one changes nothing; the same one
   * twice (its answer got lost) keeps what has already arrived. One for a job that has been ended here is late, and
   * must not bring the password back to life.
   *
   * @throws PosternError `credential-refused`, `update-already-open`, and as {@link Installer.expect}
   * @spec U1 X1 X3
   */
  storeCredential(incoming: IncomingCredential): Promise<void> {
    return this.#keeper.exclusively(async () => {
      const { credential } = this.#keeper.record;
      if (credential.kind === 'ended' && credential.jobId === incoming.jobId) {
        throw updateError('credential-refused', 'The one-time password of this job has been ended');
      }
      if (this.activity === 'installing') {
        throw updateError('update-already-open', 'The device is installing; ask again after its restart');
      }
      const { jobId, signedManifest } = incoming;
      const installation =
        signedManifest === undefined ? NOTHING : this.#installer.expect(jobId, signedManifest, this.versions);
      await this.#change({ type: 'store', credential: this.#liveCredential(incoming) }, installation);
      this.#session?.abort();
      if (installation.kind !== 'staged') this.#installer.stopWaiting();
    });
  }

  /**
   * Ends the job's credential (U8, U12). What waits staged is called off with it: the updater has decided the update.
   * Returns false when it was not the live one; that is no error: it is unusable.
   */
  endCredential(how: 'erase' | 'invalidate', userName: string, jobId: string): Promise<boolean> {
    return this.#keeper.exclusively(async () => {
      const ended = await this.#change({ type: how, userName, jobId }, NOTHING);
      if (!ended) return false;
      this.#session?.abort();
      this.#installer.stopWaiting();
      return true;
    });
  }

  /** {@link BulkService.login}. The newest login wins: a half-dead session must not lock the updater out. */
  login(userName: string, password: string, peer: string): Promise<BulkServiceSession | undefined> {
    return this.#keeper.exclusively(async () => {
      if (this.#stopped.signal.aborted) return undefined;
      const { clock, deviceId, logger } = this.#ports;
      if (await this.#change({ type: 'login', userName, password, now: clock.now() }))
        return this.#openSession();
      // Too many wrong tries end what an open session stands on, too.
      if (this.#keeper.record.credential.kind !== 'live') this.#session?.abort();
      logger.warn('Bulk path login refused', { device: deviceId, peer });
      return undefined;
    });
  }

  #openSession(): BulkServiceSession {
    this.#session?.abort();
    const session = new AbortController();
    this.#session = session;
    const { clock } = this.#ports;
    const { credential } = this.#keeper.record;
    const rest = credential.kind === 'live' ? credential.expiresAt - clock.now() : 0;
    const expiry = clock.schedule(Milliseconds(rest), () => session.abort(), { background: true });
    const installer = this.#installer;
    return bulkView({
      revoked: session.signal,
      ended: () => {
        expiry.cancel();
        if (this.#session === session) this.#session = undefined;
      },
      expected: () => installer.expected,
      held: (component) => installer.held(component),
      report: (nonce) => this.#report(nonce),
      receive: (component, offset) => installer.receive(component, offset),
    });
  }

  #report(nonce: string | undefined): Uint8Array {
    const { credential, lastError } = this.#keeper.record;
    const concerns = credential.kind === 'live' && lastError?.jobId === credential.jobId;
    return formatVersionReport(
      { versions: this.versions, activity: this.activity, ...(concerns ? { error: lastError.code } : {}) },
      nonce === undefined ? undefined : this.#binding(nonce),
    );
  }

  #binding(nonce: string): ReportBinding | undefined {
    const { credential } = this.#keeper.record;
    if (credential.kind !== 'live' || credential.reportKey === undefined) return undefined;
    const { deviceId, jobId, reportKey } = credential;
    return { deviceId, jobId, nonce, reportKey };
  }

  #liveCredential(incoming: IncomingCredential): Omit<LiveCredential, 'kind' | 'wrongTries'> {
    const { deviceId } = this.#ports;
    const { userName, jobId, oneTimePassword, expiresAt, signedManifest, reportKey, nonce } = incoming;
    return {
      deviceId,
      userName,
      jobId,
      digest: bindPassword({ deviceId, userName, jobId }, oneTimePassword),
      expiresAt,
      ...(reportKey === undefined ? {} : { reportKey }),
      ...(nonce === undefined ? {} : { nonce }),
      ...(signedManifest === undefined
        ? {}
        : { signedManifest: Buffer.from(signedManifest).toString('base64') }),
    };
  }

  /** Applies a credential event, and with it a change of what is expected; saves only when something changed. */
  async #change(event: CredentialEvent, installation?: Installation): Promise<boolean> {
    const { credential } = this.#keeper.record;
    const { state, accepted } = credentialTransition(credential, event);
    if (state !== credential) {
      await this.#keeper.save({ credential: state, ...(installation === undefined ? {} : { installation }) });
    }
    return accepted;
  }
}

/** What the updater program reports in place of a version. */
const UNUSABLE = 'unusable';

/** The wall-clock time at which a lifetime that begins now ends. */
export const expiryAfter = (now: InstantType, lifetimeSeconds: number): InstantType =>
  Instant(now + lifetimeSeconds * 1_000);
