import { Instant, type Instant as InstantType } from '@postern/core';
import { sameDigest } from '../credential/one-time-password.ts';
import { invalidationCode } from '../credential/plain-request-code.ts';
import { type CredentialEvent, credentialTransition } from '../credential/target-credential.ts';
import { updateError } from '../errors.ts';
import type { BulkService, BulkServiceSession } from '../ports/bulk-service.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import { formatVersionReport, type TargetActivity } from '../version-report/version-report.ts';
import type { BootedTarget } from './boot-target.ts';
import { bulkView } from './bulk-view.ts';
import { mayEnter } from './door.ts';
import { type IncomingCredential, keptCredential } from './incoming-credential.ts';
import { Installer } from './installer.ts';
import { ManifestJudge } from './manifest-judge.ts';
import { type ListState, markUsed, type PasswordMark } from './marked-password.ts';
import { OpenSession } from './open-session.ts';
import { installationUnder, type TargetParts } from './parts.ts';
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
  readonly #parts: TargetParts;
  readonly #stopped = new AbortController();

  constructor(ports: TargetPorts, booted: BootedTarget) {
    const keeper = new RecordKeeper(ports.memory, booted.record);
    this.#parts = {
      ports,
      keeper,
      judge: new ManifestJudge(ports, keeper),
      installer: new Installer(ports, keeper, booted.contents, this.#stopped.signal),
      session: new OpenSession(ports.clock, () => {
        const { credential } = keeper.record;
        return credential.kind === 'live' ? credential.expiresAt : undefined;
      }),
      versions: runningVersions(booted),
    };
  }

  /** Goes on with an installation that a power cut interrupted. Call once, after the first good start. */
  resume(): void {
    this.#parts.installer.resume();
  }

  /** Ends sessions and waits; the record stays as it is. */
  stop(): void {
    this.#stopped.abort();
    this.#parts.session.end();
  }

  /** Versions that run, by component. */
  get versions(): Readonly<Record<string, string>> {
    return this.#parts.versions;
  }

  get activity(): TargetActivity {
    return this.#parts.installer.activity;
  }

  /** Of a device without a clock: what a signed time has to repeat (hexadecimal). Another one after each start. */
  get freshnessNonce(): string | undefined {
    return this.#parts.ports.signedTime?.freshnessNonce;
  }

  /** What a start notification says of an open job; empty when none is open. */
  startNotification(): StartNotice {
    return startNotice(this.#parts.keeper.record.credential);
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
    return this.#parts.keeper.exclusively(async () => {
      const { credential } = this.#parts.keeper.record;
      if (credential.kind === 'ended' && credential.jobId === incoming.jobId) {
        throw updateError('credential-refused', 'The one-time password of this job has been ended');
      }
      const installation = await installationUnder(this.#parts, incoming.jobId, incoming);
      const stored = keptCredential(this.#parts.ports, incoming);
      await this.#change({ type: 'store', credential: stored }, installation);
      this.#parts.session.end();
      if (installation.kind !== 'staged') this.#parts.installer.stopWaiting();
    });
  }

  /**
   * Ends the job's credential (U8, U12). What waits staged is called off with it: the updater has decided the update.
   * Returns false when it was not the live one; that is no error: it is unusable.
   *
   * @spec U8 U12 U18
   */
  endCredential(how: 'erase' | 'invalidate', userName: string, jobId: string): Promise<boolean> {
    return this.#parts.keeper.exclusively(() => this.#end(how, userName, jobId));
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
    return this.#parts.keeper.exclusively(async () => {
      const { credential } = this.#parts.keeper.record;
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
    return this.#parts.keeper.exclusively(() => markUsed(this.#parts, mark));
  }

  /**
   * {@link BulkService.login}, with the live credential's password or an unused one of the list. The newest login
   * wins: a half-dead session must not lock the updater out.
   *
   * @spec P1 X3
   */
  login(userName: string, password: string, peer: string): Promise<BulkServiceSession | undefined> {
    return this.#parts.keeper.exclusively(async () => {
      if (this.#stopped.signal.aborted) return undefined;
      const { ports, keeper, session } = this.#parts;
      if (await mayEnter(ports, keeper, userName, password)) return this.#openSession();
      // Too many wrong tries end what an open session stands on, too.
      if (keeper.record.credential.kind !== 'live') session.end();
      ports.logger.warn('Bulk path login refused', { device: ports.deviceId, peer });
      return undefined;
    });
  }

  async #end(how: 'erase' | 'invalidate', userName: string, jobId: string): Promise<boolean> {
    const ended = await this.#change({ type: how, userName, jobId }, NOTHING);
    if (!ended) return false;
    this.#parts.session.end();
    this.#parts.installer.stopWaiting();
    return true;
  }

  #openSession(): BulkServiceSession {
    const { installer, session } = this.#parts;
    return bulkView({
      ...session.open(),
      expected: () => installer.expected,
      held: (component) => installer.held(component),
      report: (nonce) => this.#report(nonce),
      receive: (component, offset) => installer.receive(component, offset),
    });
  }

  #report(nonce: string | undefined): Uint8Array {
    const { credential, lastError } = this.#parts.keeper.record;
    const concerns = credential.kind === 'live' && lastError?.jobId === credential.jobId;
    return formatVersionReport(
      { versions: this.versions, activity: this.activity, ...(concerns ? { error: lastError.code } : {}) },
      nonce === undefined ? undefined : reportBinding(credential, nonce),
    );
  }

  /** Applies a credential event, and with it a change of what is expected; saves only when something changed. */
  async #change(event: CredentialEvent, installation?: Installation): Promise<boolean> {
    const { record } = this.#parts.keeper;
    const { state, accepted } = credentialTransition(record.credential, event);
    if (state !== record.credential) {
      const expected = installation === undefined ? {} : { installation };
      await this.#parts.keeper.save({ ...withCredential(record, state), ...expected });
    }
    return accepted;
  }
}

/** The wall-clock time at which a lifetime that begins now ends. */
export const expiryAfter = (now: InstantType, lifetimeSeconds: number): InstantType =>
  Instant(now + lifetimeSeconds * 1_000);
