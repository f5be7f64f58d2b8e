import {
  between,
  type Clock,
  type Logger,
  Milliseconds,
  Seconds,
  stoppedWithin,
  type Timer,
} from '@postern/core';
import {
  advance,
  type BulkEndpoint,
  isCancellable,
  type JournalEntry,
  runUpdate,
  type TransferProgress,
  type Transition,
  type UpdaterEvent,
  type UpdaterPorts,
  type UpdaterState,
} from '@postern/software-update';
import type { News } from '../uplink/notice-board.ts';
import { byDevice, mayRun, mustWait } from './device-turns.ts';
import { nextToBegin, OpenUpdate } from './open-update.ts';
import type { StoredUpdate, UpdateStore } from './ports.ts';
import { withRemark } from './remark.ts';
import { hasReplaced, isClosing, isIndebted, supersede } from './supersede.ts';
import { UpdateGate } from './update-gate.ts';

/** What a running update reaches the world through, but for what the scheduler itself provides. */
export type SitePorts = Omit<UpdaterPorts, 'journal' | 'mailbox' | 'onProgress' | 'clock'>;

export interface SchedulerOptions {
  readonly store: UpdateStore;
  readonly portsFor: (update: OpenUpdate, onProgress: (progress: TransferProgress) => void) => SitePorts;
  /** Devices that are updated at a time. */
  readonly concurrency: number;
  /** What may begin or go on; everything unless given. */
  readonly gate?: UpdateGate;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Told what there is to tell of an update. */
  readonly onNews: (jobId: string, news: News) => void;
  /** The answer of an update is in the outbox. */
  readonly onDecided: (jobId: string) => void;
  /** A version report of a device was read. */
  readonly onVersions?: (deviceId: string, versions: UpdaterState['versions']) => void;
  /** A credential was forgotten: what the database file still holds of it is to go. */
  readonly onForgotten: () => void;
}

/** An update whose state could not be written (a full disk) is tried again after this. */
const RETRY_AFTER = Seconds(30);

/**
 * Runs the site's updates: several devices at a time, of each device one update after the other, each from the state
 * that was recorded last.
 *
 * @spec U9 U13 X6
 */
export class UpdateScheduler {
  readonly #options: SchedulerOptions;
  readonly #updates = new Map<string, OpenUpdate>();
  readonly #ending = new AbortController();
  readonly #gate: UpdateGate;
  #expiry: Timer | undefined;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#gate = options.gate ?? new UpdateGate();
    this.#gate.onChange(() => this.#schedule());
  }

  /**
   * Goes on with what an earlier process left.
   *
   * @param isUnacknowledged whether an update's answer still waits for the server
   */
  recover(isUnacknowledged: (jobId: string) => boolean): void {
    for (const stored of this.#options.store.unfinished()) {
      const update = this.#admit(stored);
      const { jobId } = stored.job;
      if (update.state.phase !== 'reporting' || isUnacknowledged(jobId)) continue;
      update.acknowledge();
    }
    // An earlier process may have died between the commit that replaced a password and the one that says so.
    for (const update of [...this.#updates.values()]) this.#endReplaced(update);
    this.#schedule();
  }

  /** Takes a stored update. */
  add(stored: StoredUpdate): void {
    this.#admit(stored);
    this.#schedule();
  }

  get(jobId: string): OpenUpdate | undefined {
    return this.#updates.get(jobId);
  }

  /** How many updates are not finished. */
  get openCount(): number {
    return this.#updates.size;
  }

  ofDevice(deviceId: string): readonly OpenUpdate[] {
    return [...this.#updates.values()].filter(({ job }) => job.deviceId === deviceId);
  }

  /** Digests of the images that open updates may still send. */
  neededImages(): ReadonlySet<string> {
    const undecided = [...this.#updates.values()].filter(({ schedule }) => schedule !== 'closing');
    return new Set(undecided.flatMap(({ job }) => job.manifest.components.map(({ sha256 }) => sha256)));
  }

  /** Whether the update can be called off; the caller has recorded that it is, and calls {@link cancel}. */
  isCancellable(jobId: string): boolean {
    const update = this.#updates.get(jobId);
    return update !== undefined && isCancellable(update.state.phase);
  }

  cancel(jobId: string): void {
    const update = this.#updates.get(jobId);
    if (update === undefined) return;
    update.mailbox.cancel();
    // One that an earlier process was sending for may be complete at the device: it begins, looks, and then heeds it.
    if (update.schedule !== 'waiting' || update.state.phase === 'transferring') return;
    this.#decide(update, { type: 'cancelled', now: this.#now() });
  }

  /** The server has the answer. */
  acknowledged(jobId: string): void {
    this.#updates.get(jobId)?.acknowledge();
  }

  /**
   * Said by the device on the secure path: its bulk path is elsewhere now. Also for an update that waits, after a
   * restart of this process, to go on.
   */
  moved(deviceId: string, endpoint: BulkEndpoint): void {
    for (const update of this.ofDevice(deviceId)) {
      if (update.state.target === undefined || update.schedule === 'closing') continue;
      this.#setMovedTo(update, endpoint);
    }
  }

  /** A remark for operators; it goes into the journal with the update's next step. */
  remark(jobId: string, text: string): void {
    const update = this.#updates.get(jobId);
    if (update !== undefined) update.remark = text;
  }

  #setMovedTo(update: OpenUpdate, endpoint: BulkEndpoint | undefined): void {
    this.#options.store.setMovedTo(update.job.jobId, endpoint);
    update.movedTo = endpoint;
  }

  /** Stops all updates where they are; the next process goes on from there. */
  async close(): Promise<void> {
    this.#ending.abort();
    this.#expiry?.cancel();
    for (const { run } of this.#updates.values()) run?.stop();
    await Promise.all([...this.#updates.values()].map(({ run }) => run?.ended));
  }

  #now() {
    return this.#options.clock.now();
  }

  #admit(stored: StoredUpdate): OpenUpdate {
    const update = new OpenUpdate(stored, isClosing(stored.state) ? 'closing' : 'waiting');
    this.#updates.set(stored.job.jobId, update);
    return update;
  }

  /** Decides waiting updates that are late, begins what may begin, lets decided ones go on or stand still. */
  #schedule(): void {
    if (this.#ending.signal.aborted) return;
    const { concurrency } = this.#options;
    const late = [...this.#updates.values()].filter(
      ({ schedule, job }) => schedule === 'waiting' && job.deadline <= this.#now(),
    );
    for (const update of late) this.#decide(update, { type: 'deadline-passed', now: this.#now() });
    const next = () =>
      nextToBegin(this.#updates.values(), concurrency, (deviceId) => this.#gate.mayBegin(deviceId));
    for (let update = next(); update !== undefined; update = next()) update.schedule = 'active';
    for (const [deviceId, ofDevice] of byDevice(this.#updates.values())) {
      for (const update of ofDevice) if (!mayRun(update, ofDevice)) update.run?.stop();
      // What has yet to stop comes here again with its end.
      if (!this.#gate.mayGoOn(deviceId) || mustWait(ofDevice)) continue;
      for (const update of ofDevice) {
        if (update.run === undefined && mayRun(update, ofDevice)) this.#start(update);
      }
    }
    const active = [...this.#updates.values()].filter(({ schedule }) => schedule === 'active');
    this.#gate.observe(active.map(({ job }) => job.deviceId));
    this.#watchDeadlines();
  }

  /** An update that has not begun is decided without any effect at the device. */
  #decide(update: OpenUpdate, event: UpdaterEvent): void {
    this.#tryCommit(update, advance(update.state, event, update.job));
  }

  #tryCommit(update: OpenUpdate, { state, steps }: Transition): void {
    try {
      this.#commit(update, state, steps);
    } catch (error) {
      this.#options.logger.error('A decision could not be stored', { job: update.job.jobId, error });
    }
  }

  #start(update: OpenUpdate): void {
    const stopping = new AbortController();
    const ended = this.#run(update, stopping.signal).finally(() => {
      update.run = undefined;
      this.#schedule();
    });
    update.run = { stop: () => stopping.abort(), ended };
  }

  async #run(update: OpenUpdate, signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options;
    const { jobId } = update.job;
    while (!signal.aborted) {
      try {
        await runUpdate(update.state, update.job, this.#ports(update), signal);
        return;
      } catch (error) {
        if (signal.aborted) return;
        logger.error('An update stopped unexpectedly; it is tried again', { job: jobId, error });
        await stoppedWithin(clock, RETRY_AFTER, signal);
      }
    }
  }

  /**
   * Ends the debts of older updates whose password this one has replaced at the device. One that could not be written
   * is tried again with the next commit; after the last it is still owed, and erased.
   *
   * @returns whether there was one
   */
  #endReplaced(newer: OpenUpdate): boolean {
    const all = this.ofDevice(newer.job.deviceId);
    const replaced = all
      .slice(0, Math.max(all.indexOf(newer), 0))
      .filter((older) => older.run === undefined && isIndebted(older.state) && hasReplaced(newer, older));
    for (const older of replaced) {
      const now = this.#now();
      const { state, steps } = older.isAcknowledged
        ? advance(older.state, { type: 'acknowledged', now }, older.job)
        : { state: older.state, steps: [] };
      this.#tryCommit(older, { state: supersede(state), steps });
    }
    return replaced.length > 0;
  }

  #ports(update: OpenUpdate): UpdaterPorts {
    const { clock, onNews, portsFor } = this.#options;
    const onProgress = (progress: TransferProgress): void => onNews(update.job.jobId, { progress });
    return {
      ...portsFor(update, onProgress),
      clock,
      mailbox: update.mailbox,
      journal: { commit: (state, steps) => this.#commit(update, state, steps) },
      onProgress,
    };
  }

  #commit(update: OpenUpdate, state: UpdaterState, steps: readonly JournalEntry[]): void {
    const { store, onNews, onDecided, onForgotten, onVersions } = this.#options;
    const { job, state: before } = update;
    const lines = store.commit(job, state, withRemark(steps, update.remark), this.#now());
    update.state = state;
    if (steps.length > 0) update.remark = undefined;
    // Where the device listens was told once more, and later than it had moved.
    if (update.movedTo !== undefined && tellsAnotherPlace(before, state)) this.#setMovedTo(update, undefined);
    onNews(job.jobId, { phase: state.phase, lines });
    if (state.versions !== before.versions) onVersions?.(job.deviceId, state.versions);
    if (before.credential !== undefined && before.credential !== state.credential) onForgotten();
    const hasEndedOthers = this.#endReplaced(update);
    if (state.phase === 'finished') this.#updates.delete(job.jobId);
    // Each try of an erasure that is owed is a turn of its own.
    if (state.phase === 'owing') update.run?.stop();
    if (state.phase === 'reporting' && before.phase !== 'reporting') {
      update.schedule = 'closing';
      onDecided(job.jobId);
      this.#schedule();
    } else if (hasEndedOthers) this.#schedule();
  }

  #watchDeadlines(): void {
    this.#expiry?.cancel();
    this.#expiry = undefined;
    const waiting = [...this.#updates.values()].filter(({ schedule }) => schedule === 'waiting');
    if (waiting.length === 0) return;
    const first = Math.min(...waiting.map(({ job }) => between(this.#now(), job.deadline)));
    // One that is late already could not be decided: its state could not be written.
    const delay = first > 0 ? Milliseconds(first) : RETRY_AFTER;
    this.#expiry = this.#options.clock.schedule(delay, () => this.#schedule());
  }
}

const tellsAnotherPlace = ({ target: before }: UpdaterState, { target: now }: UpdaterState): boolean =>
  before !== undefined &&
  now !== undefined &&
  (before.endpoint.host !== now.endpoint.host || before.endpoint.port !== now.endpoint.port);
