import {
  errorCode,
  Instant,
  type Instant as InstantType,
  Milliseconds,
  throwIfCancelled,
} from '@postern/core';
import { bindPassword } from '../credential/one-time-password.ts';
import {
  type CredentialEvent,
  credentialTransition,
  type LiveCredential,
} from '../credential/target-credential.ts';
import { isUpdateErrorCode, updateError } from '../errors.ts';
import { admit } from '../manifest/admission.ts';
import { verifyManifest } from '../manifest/envelope.ts';
import type { ManifestComponent } from '../manifest/manifest.ts';
import type { BulkReceiver, BulkService, BulkServiceSession } from '../ports/bulk-service.ts';
import type { TargetPorts } from '../ports/target-ports.ts';
import {
  formatVersionReport,
  type ReportBinding,
  startNotificationMac,
  type TargetActivity,
} from '../version-report/version-report.ts';
import { otherSlot, type Slot, switchOver } from './boot.ts';
import type { BootedTarget } from './boot-target.ts';
import { bulkView } from './bulk-view.ts';
import { receiveImage } from './image-receiver.ts';
import type { Installation, TargetRecord } from './record.ts';

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
 * The target role of a device: keeps the credential, shows what the bulk path may see, receives, installs.
 * The same class serves the firmware and the compact updater program. All changes of its record are made one
 * after the other, each saved before anybody is answered.
 *
 * @spec U1 U2 U4 U5 U8 U14 X1 X3 X6
 */
export class UpdateTarget implements BulkService {
  readonly #ports: TargetPorts;
  readonly #booted: BootedTarget;
  readonly #stopped = new AbortController();
  #record: TargetRecord;
  #session: AbortController | undefined;
  #activity: 'waiting-for-jobs' | 'installing' | undefined;
  /** Ends the wait for jobs when another job replaces the staged one. */
  #waiting: AbortController | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(ports: TargetPorts, booted: BootedTarget) {
    this.#ports = ports;
    this.#booted = booted;
    this.#record = booted.record;
  }

  /** Goes on with an installation that a power cut interrupted. Call once, after the first good start. */
  resume(): void {
    if (this.#record.installation.kind === 'staged') this.#installSoon();
  }

  /** Ends sessions and waits; the record stays as it is. */
  stop(): void {
    this.#stopped.abort();
    this.#session?.abort();
  }

  /** Versions that run, by component. */
  get versions(): Readonly<Record<string, string>> {
    if (this.#booted.program === 'updater-program') {
      return Object.fromEntries(Object.keys(this.#booted.contents).map((name) => [name, UNUSABLE]));
    }
    return Object.fromEntries(
      Object.values(this.#booted.contents).map(({ name, version }) => [name, version]),
    );
  }

  get activity(): TargetActivity {
    return this.#activity ?? (this.#record.installation.kind === 'receiving' ? 'receiving' : 'idle');
  }

  /** What a start notification says of an open job; empty when none is open. */
  startNotification(): { readonly jobId?: string; readonly mac?: string } {
    const { credential } = this.#record;
    if (credential.kind !== 'live') return {};
    const binding = credential.nonce === undefined ? undefined : this.#binding(credential.nonce);
    return {
      jobId: credential.jobId,
      ...(binding === undefined ? {} : { mac: startNotificationMac(binding) }),
    };
  }

  /**
   * Takes a credential and, with a manifest, what to expect under it. A refused one changes nothing; the same one
   * twice (its answer got lost) keeps what has already arrived.
   *
   * @throws PosternError as {@link verifyManifest} and {@link admit}
   * @spec U1 X1
   */
  storeCredential(incoming: IncomingCredential): Promise<void> {
    const { deviceId } = this.#ports;
    return this.#exclusively(async () => {
      const { userName, jobId, oneTimePassword, expiresAt, signedManifest, reportKey, nonce } = incoming;
      if (this.#activity === 'installing') {
        throw updateError('update-already-open', 'The device is installing; ask again after its restart');
      }
      const installation = signedManifest === undefined ? NOTHING : this.#expect(jobId, signedManifest);
      const credential: Omit<LiveCredential, 'kind' | 'wrongTries'> = {
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
      await this.#change({ type: 'store', credential }, { installation });
      this.#session?.abort();
      if (installation.kind !== 'staged') this.#stopWaiting();
    });
  }

  /** Ends the job's credential (U8, U12). Returns false when it was not the live one; that is no error: it is unusable. */
  endCredential(how: 'erase' | 'invalidate', userName: string, jobId: string): Promise<boolean> {
    return this.#exclusively(async () => {
      const ended = await this.#change({ type: how, userName, jobId }, { installation: NOTHING });
      if (ended) this.#session?.abort();
      return ended;
    });
  }

  /** {@link BulkService.login}. The newest login wins: a half-dead session must not lock the updater out. */
  login(userName: string, password: string, peer: string): Promise<BulkServiceSession | undefined> {
    return this.#exclusively(async () => {
      if (this.#stopped.signal.aborted) return undefined;
      const now = this.#ports.clock.now();
      const accepted = await this.#change({ type: 'login', userName, password, now }, {});
      if (!accepted) {
        // Too many wrong tries end what an open session stands on, too.
        if (this.#record.credential.kind !== 'live') this.#session?.abort();
        this.#ports.logger.warn('Bulk path login refused', { device: this.#ports.deviceId, peer });
        return undefined;
      }
      return this.#openSession();
    });
  }

  #stopWaiting(): void {
    this.#waiting?.abort();
    this.#activity = undefined;
  }

  #openSession(): BulkServiceSession {
    this.#session?.abort();
    const session = new AbortController();
    this.#session = session;
    const { credential } = this.#record;
    const rest = credential.kind === 'live' ? credential.expiresAt - this.#ports.clock.now() : 0;
    const expiry = this.#ports.clock.schedule(Milliseconds(rest), () => session.abort(), {
      background: true,
    });
    return bulkView({
      revoked: session.signal,
      ended: () => {
        expiry.cancel();
        if (this.#session === session) this.#session = undefined;
      },
      expected: () => this.#expected(),
      held: (component) => this.#held(component),
      report: (nonce) => this.#report(nonce),
      receive: (component, offset) => this.#receive(component, offset),
    });
  }

  #expected(): readonly ManifestComponent[] {
    const { installation } = this.#record;
    return installation.kind === 'receiving' ? installation.wanted : [];
  }

  async #held(component: ManifestComponent): Promise<number> {
    const { installation } = this.#record;
    if (installation.kind !== 'receiving' || !installation.cleared) return 0;
    const size = await this.#ports.slots.size(installation.slot, component.name);
    // All of an image but not yet proven: its last byte is asked for again, for only the end of a transfer proves it.
    return size === component.length && !installation.arrived.includes(component.name) ? size - 1 : size;
  }

  #report(nonce: string | undefined): Uint8Array {
    const { credential, lastError } = this.#record;
    const error =
      credential.kind === 'live' && lastError?.jobId === credential.jobId ? lastError.code : undefined;
    return formatVersionReport(
      { versions: this.versions, activity: this.activity, ...(error === undefined ? {} : { error }) },
      nonce === undefined ? undefined : this.#binding(nonce),
    );
  }

  #binding(nonce: string): ReportBinding | undefined {
    const { credential } = this.#record;
    if (credential.kind !== 'live' || credential.reportKey === undefined) return undefined;
    const { deviceId, jobId, reportKey } = credential;
    return { deviceId, jobId, nonce, reportKey };
  }

  async #receive(component: ManifestComponent, offset: number): Promise<BulkReceiver> {
    const slot = await this.#exclusively(() => this.#slotFor(component));
    return receiveImage(this.#ports.slots, slot, component, offset, (arrived) => this.#arrived(arrived));
  }

  /**
   * The slot to receive into. Emptied only now: the previous software stays startable until the new one really
   * comes. A component that is sent once more has to prove itself once more.
   */
  async #slotFor({ name }: ManifestComponent): Promise<Slot> {
    const { installation } = this.#record;
    if (installation.kind !== 'receiving') throw updateError('transfer-refused', 'No image is expected now');
    if (!installation.cleared) await this.#ports.slots.clear(installation.slot);
    if (!installation.cleared || installation.arrived.includes(name)) {
      const arrived = installation.arrived.filter((other) => other !== name);
      await this.#save({ ...this.#record, installation: { ...installation, cleared: true, arrived } });
    }
    return installation.slot;
  }

  #arrived(component: ManifestComponent): Promise<string> {
    return this.#exclusively(async () => {
      const { installation } = this.#record;
      if (installation.kind !== 'receiving')
        throw updateError('transfer-refused', 'The job has ended meanwhile');
      const arrived = [...new Set([...installation.arrived, component.name])];
      const complete = installation.wanted.every(({ name }) => arrived.includes(name));
      await this.#save({
        ...this.#record,
        installation: { ...installation, kind: complete ? 'staged' : 'receiving', arrived },
      });
      if (!complete) return `${component.name} verified`;
      this.#installSoon();
      return `${component.name} verified; the update follows`;
    });
  }

  #installSoon(): void {
    const { installation } = this.#record;
    if (installation.kind !== 'staged') return;
    this.#waiting?.abort();
    const waiting = new AbortController();
    this.#waiting = waiting;
    this.#activity = 'waiting-for-jobs';
    const { jobId } = installation;
    this.#install(jobId, AbortSignal.any([this.#stopped.signal, waiting.signal])).catch((error: unknown) => {
      if (this.#stopped.signal.aborted || waiting.signal.aborted) return;
      this.#activity = undefined;
      const code = errorCode(error, 'internal-error');
      this.#ports.logger.error('Installation failed', { device: this.#ports.deviceId, job: jobId, code });
      this.#exclusively(() => this.#installationFailed(jobId, code)).catch((failure: unknown) => {
        this.#ports.logger.error('The failure could not be written down', {
          job: jobId,
          code: errorCode(failure, 'internal-error'),
        });
      });
    });
  }

  /** S113, S114: waits for the jobs, seals the other slot, switches over, restarts. */
  async #install(jobId: string, signal: AbortSignal): Promise<void> {
    const { engine, slots, restart } = this.#ports;
    const hold = await engine.holdWhenIdle(signal);
    try {
      await this.#exclusively(async () => {
        const { installation } = this.#record;
        throwIfCancelled(signal);
        if (installation.kind !== 'staged' || installation.jobId !== jobId) return;
        this.#activity = 'installing';
        const { slot, wanted } = installation;
        const contents = {
          ...this.#booted.contents,
          ...Object.fromEntries(wanted.map((item) => [item.name, item])),
        };
        for (const name of Object.keys(contents)) {
          if (!wanted.some((item) => item.name === name)) await slots.copyFromOther(slot, name);
        }
        await slots.seal(slot, contents);
        await this.#save({ ...this.#record, installation: NOTHING, boot: switchOver(slot) });
      });
    } catch (error) {
      hold.release();
      throw error;
    }
    restart();
  }

  async #installationFailed(jobId: string, code: string): Promise<void> {
    const { installation } = this.#record;
    if (installation.kind !== 'staged' || installation.jobId !== jobId) return;
    await this.#save({
      ...this.#record,
      installation: NOTHING,
      lastError: { jobId, code: isUpdateErrorCode(code) ? code : 'internal-error' },
    });
  }

  /** Verifies a manifest and says what is expected under it. */
  #expect(jobId: string, signedManifest: Uint8Array): Installation {
    const { vendorKeys, model, clock } = this.#ports;
    const manifest = verifyManifest(signedManifest, vendorKeys);
    const { releaseCounters, installation } = this.#record;
    const wanted = admit(manifest, { model, versions: this.versions, releaseCounters }, clock.now());
    if (wanted.length === 0) return NOTHING;
    if (installation.kind !== 'none' && installation.jobId === jobId) return installation;
    const slot = otherSlot(this.#record.boot.active);
    return { kind: 'receiving', jobId, slot, wanted, cleared: false, arrived: [] };
  }

  /** Applies a credential event; saves only when something changed. */
  async #change(event: CredentialEvent, also: Pick<Partial<TargetRecord>, 'installation'>): Promise<boolean> {
    const { state, accepted } = credentialTransition(this.#record.credential, event);
    if (state !== this.#record.credential) {
      // What is staged belongs to the device: once verified it is installed even if its password ends meanwhile.
      const keep = event.type !== 'store' && this.#record.installation.kind === 'staged';
      await this.#save({ ...this.#record, credential: state, ...(keep ? {} : also) });
    }
    return accepted;
  }

  async #save(record: TargetRecord): Promise<void> {
    await this.#ports.memory.save(record);
    this.#record = record;
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => {});
    return result;
  }
}

const NOTHING: Installation = { kind: 'none' };

/** What the updater program reports in place of a version. */
const UNUSABLE = 'unusable';

/** The wall-clock time at which a lifetime that begins now ends. */
export const expiryAfter = (now: InstantType, lifetimeSeconds: number): InstantType =>
  Instant(now + lifetimeSeconds * 1_000);
