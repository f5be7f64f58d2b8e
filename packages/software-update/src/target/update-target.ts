import { Instant, type Instant as InstantType } from '@postern/core';
import { credentialId, sameDigest } from '../credential/one-time-password.ts';
import { invalidationCode } from '../credential/plain-request-code.ts';
import { type CredentialEvent, credentialTransition } from '../credential/target-credential.ts';
import { updateError } from '../errors.ts';
import type { BulkService, BulkServiceSession } from '../ports/bulk-service.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import { formatVersionReport, type TargetActivity } from '../version-report/version-report.ts';
import type { BootedTarget } from './boot-target.ts';
import { bulkView } from './bulk-view.ts';
import { mayEnter } from './door.ts';
import { type IncomingCredential, keptCredential, toBase64 } from './incoming-credential.ts';
import { Installer } from './installer.ts';
import { NO_LISTS, nextEntry } from './list-memory.ts';
import { ManifestJudge, type VendorNews } from './manifest-judge.ts';
import {
  goingOn,
  isMarked,
  type ListState,
  markOnly,
  markOver,
  type PasswordMark,
  proveMark,
} from './marked-password.ts';
import { OpenSession } from './open-session.ts';
import { type Installation, NOTHING } from './record.ts';
import { RecordKeeper, withCredential } from './record-keeper.ts';
import { reportBinding, runningVersions, type StartNotice, startNotice } from './reports.ts';

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
  readonly #judge: ManifestJudge;
  readonly #installer: Installer;
  readonly #session: OpenSession;
  readonly #stopped = new AbortController();

  constructor(ports: TargetPorts, booted: BootedTarget) {
    this.#ports = ports;
    this.#booted = booted;
    this.#keeper = new RecordKeeper(ports.memory, booted.record);
    this.#judge = new ManifestJudge(ports, this.#keeper);
    this.#installer = new Installer(ports, this.#keeper, booted.contents, this.#stopped.signal);
    this.#session = new OpenSession(ports.clock, () => {
      const { credential } = this.#keeper.record;
      return credential.kind === 'live' ? credential.expiresAt : undefined;
    });
  }

  /** Goes on with an installation that a power cut interrupted. Call once, after the first good start. */
  resume(): void {
    this.#installer.resume();
  }

  /** Ends sessions and waits; the record stays as it is. */
  stop(): void {
    this.#stopped.abort();
    this.#session.end();
  }

  /** Versions that run, by component. */
  get versions(): Readonly<Record<string, string>> {
    return runningVersions(this.#booted);
  }

  get activity(): TargetActivity {
    return this.#installer.activity;
  }

  /** What a start notification says of an open job; empty when none is open. */
  startNotification(): StartNotice {
    return startNotice(this.#keeper.record.credential);
  }

  /**
   * Takes a credential and, with a manifest, what to expect under it. A refused one changes nothing but whom the
   * device believes; the same one twice (its answer got lost) keeps what has already arrived. One for a job that has
   * been ended here is late, and must not bring the password back to life.
   *
   * @throws PosternError `credential-refused`, `update-already-open`, and as {@link ManifestJudge}
   * @spec U1 X1 X3
   */
  storeCredential(incoming: IncomingCredential): Promise<void> {
    return this.#keeper.exclusively(async () => {
      const { credential } = this.#keeper.record;
      if (credential.kind === 'ended' && credential.jobId === incoming.jobId) {
        throw updateError('credential-refused', 'The one-time password of this job has been ended');
      }
      const installation = await this.#expect(incoming.jobId, incoming);
      const stored = keptCredential(this.#ports, incoming);
      await this.#change({ type: 'store', credential: stored }, installation);
      this.#session.end();
      if (installation.kind !== 'staged') this.#installer.stopWaiting();
    });
  }

  /**
   * Ends the job's credential (U8, U12). What waits staged is called off with it: the updater has decided the update.
   * Returns false when it was not the live one; that is no error: it is unusable.
   */
  endCredential(how: 'erase' | 'invalidate', userName: string, jobId: string): Promise<boolean> {
    return this.#keeper.exclusively(() => this.#end(how, userName, jobId));
  }

  /**
   * {@link endCredential} at the request of somebody who may not be who he says. Where the job has a report key, only
   * who knows it ends the job; from an updater that shares none it is believed, as the patent has it.
   *
   * @param caller `authenticated`: the secure path has proved that `userName` asks
   * @returns false when it was not the live one
   * @throws PosternError `request-unproved`
   * @spec U12
   */
  invalidate(
    userName: string,
    jobId: string,
    code: string | undefined,
    caller: 'authenticated' | 'anybody',
  ): Promise<boolean> {
    return this.#keeper.exclusively(async () => {
      const { credential } = this.#keeper.record;
      const live =
        credential.kind === 'live' && credential.userName === userName && credential.jobId === jobId;
      if (!live) return false;
      const { deviceId, reportKey } = credential;
      if (caller === 'anybody' && reportKey !== undefined) {
        const expected = invalidationCode(reportKey, { deviceId, userName, jobId });
        if (code === undefined || !sameDigest(code, expected)) {
          throw updateError('request-unproved', 'The request does not bear the code of the job');
        }
      }
      return this.#end('invalidate', userName, jobId);
    });
  }

  /**
   * A listed password and all before it are used up (S45, S46). With a manifest it goes on to open the bulk path for
   * this one transfer, without it ends. The same once more changes nothing.
   *
   * @throws PosternError `password-list-missing`, `request-unproved`, `credential-refused` (it does not open the bulk
   *   path any more, or does so for another manifest), `update-already-open`, and as {@link ManifestJudge}
   * @spec P1
   */
  markUsed(mark: PasswordMark): Promise<ListState> {
    return this.#keeper.exclusively(async () => {
      const { list, size } = await proveMark(this.#ports, mark);
      if (mark.signedManifest === undefined) await this.#markOver(mark);
      else await this.#goOn(mark, mark.signedManifest);
      const next = nextEntry(this.#keeper.record.passwordLists ?? NO_LISTS, list);
      const manifestChecked = mark.signedManifest !== undefined;
      return { list, next, remaining: Math.max(size - next, 0), manifestChecked };
    });
  }

  /**
   * {@link BulkService.login}, with the live credential's password or an unused one of the list. The newest login
   * wins: a half-dead session must not lock the updater out.
   *
   * @spec P1 X3
   */
  login(userName: string, password: string, peer: string): Promise<BulkServiceSession | undefined> {
    return this.#keeper.exclusively(async () => {
      if (this.#stopped.signal.aborted) return undefined;
      const { logger, deviceId } = this.#ports;
      if (await mayEnter(this.#ports, this.#keeper, userName, password)) return this.#openSession();
      // Too many wrong tries end what an open session stands on, too.
      if (this.#keeper.record.credential.kind !== 'live') this.#session.end();
      logger.warn('Bulk path login refused', { device: deviceId, peer });
      return undefined;
    });
  }

  /** Learns what came with a manifest, then judges it: what is to be expected under it. */
  async #expect(jobId: string, incoming: Incoming): Promise<Installation> {
    if (this.activity === 'installing') {
      throw updateError('update-already-open', 'The device is installing; ask again after its restart');
    }
    const now = await this.#judge.learn(incoming);
    if (this.#keeper.record.installation.kind !== 'staged') this.#installer.stopWaiting();
    if (incoming.signedManifest === undefined) return NOTHING;
    const wanted = this.#judge.admitted(incoming.signedManifest, this.versions, now);
    return this.#installer.installationOf(jobId, wanted);
  }

  async #end(how: 'erase' | 'invalidate', userName: string, jobId: string): Promise<boolean> {
    const ended = await this.#change({ type: how, userName, jobId }, NOTHING);
    if (!ended) return false;
    this.#session.end();
    this.#installer.stopWaiting();
    return true;
  }

  async #markOver(mark: PasswordMark): Promise<void> {
    const before = this.#keeper.record;
    await this.#keeper.save(markOver(before, mark));
    if (this.#keeper.record.credential !== before.credential) this.#session.end();
    if (this.#keeper.record.installation.kind !== 'staged') this.#installer.stopWaiting();
  }

  /** Believes nothing of a mark that comes too late, except that the password is used up. */
  async #goOn(mark: PasswordMark, signedManifest: Uint8Array): Promise<void> {
    const { record } = this.#keeper;
    const { credential } = record;
    const jobId = credentialId('', { listEntry: mark });
    if (credential.kind !== 'live' || credential.jobId !== jobId) {
      await this.#keeper.save(markOnly(record, mark));
      throw updateError('credential-refused', 'This password of the list opens the bulk path no more');
    }
    if (isMarked(record, mark)) {
      if (credential.signedManifest === toBase64(signedManifest)) return;
      throw updateError('credential-refused', 'This password of the list is used up for another manifest');
    }
    const installation = await this.#expect(jobId, mark);
    await this.#keeper.save({
      ...markOnly(record, mark),
      credential: goingOn(this.#ports, credential, mark),
      installation,
    });
    if (installation.kind !== 'staged') this.#installer.stopWaiting();
    this.#session.expiryChanged();
  }

  #openSession(): BulkServiceSession {
    const installer = this.#installer;
    return bulkView({
      ...this.#session.open(),
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
      nonce === undefined ? undefined : reportBinding(credential, nonce),
    );
  }

  /** Applies a credential event, and with it a change of what is expected; saves only when something changed. */
  async #change(event: CredentialEvent, installation?: Installation): Promise<boolean> {
    const { record } = this.#keeper;
    const { state, accepted } = credentialTransition(record.credential, event);
    if (state !== record.credential) {
      const expected = installation === undefined ? {} : { installation };
      await this.#keeper.save({ ...withCredential(record, state), ...expected });
    }
    return accepted;
  }
}

/** What a share and a mark have in common. */
type Incoming = VendorNews & Pick<IncomingCredential, 'signedManifest'>;

/** The wall-clock time at which a lifetime that begins now ends. */
export const expiryAfter = (now: InstantType, lifetimeSeconds: number): InstantType =>
  Instant(now + lifetimeSeconds * 1_000);
