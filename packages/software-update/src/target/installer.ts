import { errorCode, throwIfCancelled } from '@postern/core';
import { isUpdateErrorCode, updateError } from '../errors.ts';
import type { ManifestComponent } from '../manifest/manifest.ts';
import type { BulkReceiver } from '../ports/bulk-service.ts';
import type { SlotContents, TargetPorts } from '../ports/target-ports.ts';
import type { TargetActivity } from '../version-report/version-report.ts';
import { otherSlot, type Slot, switchOver } from './boot.ts';
import { receiveImage } from './image-receiver.ts';
import { type Installation, NOTHING } from './record.ts';
import type { RecordKeeper } from './record-keeper.ts';
import { Upload } from './upload.ts';

/**
 * The life of an installation at the target: receiving what a manifest lets in into the other slot, waiting for the
 * device's jobs, switching over.
 *
 * @spec U4 U5 X1 X6
 */
export class Installer {
  readonly #ports: TargetPorts;
  readonly #keeper: RecordKeeper;
  /** What the slot holds that runs. */
  readonly #running: SlotContents;
  readonly #stopped: AbortSignal;
  #activity: 'waiting-for-jobs' | 'installing' | undefined;
  /** Ends the wait for jobs when the staged job is replaced or called off. */
  #waiting: AbortController | undefined;
  /** The newest upload; it has superseded all before. */
  #upload: Upload | undefined;

  constructor(ports: TargetPorts, keeper: RecordKeeper, running: SlotContents, stopped: AbortSignal) {
    this.#ports = ports;
    this.#keeper = keeper;
    this.#running = running;
    this.#stopped = stopped;
  }

  get activity(): TargetActivity {
    return this.#activity ?? (this.#keeper.record.installation.kind === 'receiving' ? 'receiving' : 'idle');
  }

  /** The images that may be sent now. */
  get expected(): readonly ManifestComponent[] {
    const { installation } = this.#keeper.record;
    return installation.kind === 'receiving' ? installation.wanted : [];
  }

  /** What a job installs once these components are let in; what has arrived for the same job stays. */
  installationOf(jobId: string, wanted: readonly ManifestComponent[]): Installation {
    const { installation, boot } = this.#keeper.record;
    if (wanted.length === 0) return NOTHING;
    if (installation.kind !== 'none' && installation.jobId === jobId) return installation;
    return { kind: 'receiving', jobId, slot: otherSlot(boot.active), wanted, cleared: false, arrived: [] };
  }

  /** How many bytes of an expected image need not be sent again. */
  async held(component: ManifestComponent): Promise<number> {
    const { installation } = this.#keeper.record;
    if (installation.kind !== 'receiving' || !installation.cleared) return 0;
    const size = await this.#ports.slots.size(installation.slot, component.name);
    // All of an image but not yet proven: its last byte is asked for again, for only the end of a transfer proves it.
    return size === component.length && !installation.arrived.includes(component.name) ? size - 1 : size;
  }

  /** Begins or goes on to receive an expected image, in place of any upload before. */
  receive(component: ManifestComponent, offset: number): Promise<BulkReceiver> {
    const before = this.#upload;
    const upload = new Upload();
    this.#upload = upload;
    return upload.begin(async () => {
      await before?.supersede();
      const { jobId, slot } = await this.#keeper.exclusively(() => this.#openSlot(component));
      const arrived = () => this.#arrived(jobId, component);
      return receiveImage(this.#ports.slots, slot, component, offset, arrived);
    });
  }

  /** Installs what is staged as soon as the device's jobs allow it. */
  resume(): void {
    const { installation } = this.#keeper.record;
    if (installation.kind !== 'staged') return;
    this.#waiting?.abort();
    const waiting = new AbortController();
    this.#waiting = waiting;
    this.#activity = 'waiting-for-jobs';
    const { jobId } = installation;
    this.#install(jobId, AbortSignal.any([this.#stopped, waiting.signal])).catch((error: unknown) => {
      if (this.#stopped.aborted || waiting.signal.aborted) return;
      this.#activity = undefined;
      this.#installationFailed(jobId, errorCode(error, 'internal-error'));
    });
  }

  /** Gives up waiting for the device's jobs: what was staged has been replaced or called off. */
  stopWaiting(): void {
    if (this.#activity !== 'waiting-for-jobs') return;
    this.#waiting?.abort();
    this.#activity = undefined;
  }

  /**
   * The slot to receive into. Emptied only now: the previous software stays startable until the new one really
   * comes. A component that is sent once more has to prove itself once more. One of a job that was replaced meanwhile
   * is not let in: its proof would count for the new job's component of the same name.
   */
  async #openSlot({ name, sha256 }: ManifestComponent): Promise<{ jobId: string; slot: Slot }> {
    const { installation } = this.#keeper.record;
    if (installation.kind !== 'receiving') throw updateError('transfer-refused', 'No image is expected now');
    if (!installation.wanted.some((item) => item.name === name && item.sha256 === sha256)) {
      throw updateError('component-unknown', 'No such component is expected any more');
    }
    if (!installation.cleared) await this.#ports.slots.clear(installation.slot);
    if (!installation.cleared || installation.arrived.includes(name)) {
      const arrived = installation.arrived.filter((other) => other !== name);
      await this.#keeper.save({ installation: { ...installation, cleared: true, arrived } });
    }
    return installation;
  }

  #arrived(jobId: string, { name }: ManifestComponent): Promise<string> {
    return this.#keeper.exclusively(async () => {
      const { installation } = this.#keeper.record;
      if (installation.kind !== 'receiving' || installation.jobId !== jobId) {
        throw updateError('transfer-refused', 'The job has ended meanwhile');
      }
      const arrived = [...new Set([...installation.arrived, name])];
      const complete = installation.wanted.every((component) => arrived.includes(component.name));
      const kind = complete ? 'staged' : 'receiving';
      await this.#keeper.save({ installation: { ...installation, kind, arrived } });
      if (!complete) return `${name} verified`;
      this.resume();
      return `${name} verified; the update follows`;
    });
  }

  /** S113, S114: waits for the jobs, seals the other slot, switches over, restarts. */
  async #install(jobId: string, signal: AbortSignal): Promise<void> {
    const { engine, restart } = this.#ports;
    const hold = await engine.holdWhenIdle(signal);
    try {
      await this.#keeper.exclusively(() => this.#switchOver(jobId, signal));
    } catch (error) {
      hold.release();
      throw error;
    }
    restart();
  }

  async #switchOver(jobId: string, signal: AbortSignal): Promise<void> {
    throwIfCancelled(signal);
    const { installation } = this.#keeper.record;
    if (installation.kind !== 'staged' || installation.jobId !== jobId) {
      throw updateError('cancelled', 'The job ended before it was installed');
    }
    this.#activity = 'installing';
    const { slot, wanted } = installation;
    const contents = { ...this.#running, ...Object.fromEntries(wanted.map((item) => [item.name, item])) };
    for (const name of Object.keys(contents)) {
      if (!wanted.some((item) => item.name === name)) await this.#ports.slots.copyFromOther(slot, name);
    }
    await this.#ports.slots.seal(slot, contents);
    await this.#keeper.save({ installation: NOTHING, boot: switchOver(slot, this.#keeper.record.boot) });
  }

  #installationFailed(jobId: string, code: string): void {
    const { logger, deviceId } = this.#ports;
    logger.error('Installation failed', { device: deviceId, job: jobId, code });
    const writeDown = async (): Promise<void> => {
      const { installation } = this.#keeper.record;
      if (installation.kind !== 'staged' || installation.jobId !== jobId) return;
      const lastError = { jobId, code: isUpdateErrorCode(code) ? code : 'internal-error' } as const;
      await this.#keeper.save({ installation: NOTHING, lastError });
    };
    this.#keeper.exclusively(writeDown).catch((failure: unknown) => {
      const reason = errorCode(failure, 'internal-error');
      logger.error('The failure could not be written down', { device: deviceId, job: jobId, code: reason });
    });
  }
}
