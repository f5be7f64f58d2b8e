import type { device, uplink } from '@postern/contracts';
import { type Clock, type Duration, Milliseconds, type Timer } from '@postern/core';
import type { TransferProgress } from '@postern/software-update';
import { type JournalLine, journalStep } from '../updates/result.ts';
import { MOST_PART_BYTES, sizeOfNotice } from './wire-size.ts';

/** Progress goes up this often at most, for all updates together in one exchange. */
const PROGRESS_INTERVAL = Milliseconds(500);
const MOST_NOTICES = 256;
/** Journal steps in one exchange; what is beyond comes with the answer. */
const MOST_STEPS = 1_000;
const MOST_STEPS_EACH = 50;

interface Notice {
  phase: string | undefined;
  progress: uplink.Progress | undefined;
  /** Where the transfer under way began: the rate is its mean since then. */
  transfer:
    | { readonly startedAt: Duration; readonly startedWith: number; readonly lastBytes: number }
    | undefined;
  steps: device.JournalStep[];
  dirty: boolean;
}

/** What there is to tell of an update since the last notice. */
export interface News {
  readonly phase?: string;
  readonly progress?: TransferProgress;
  readonly lines?: readonly JournalLine[];
}

/**
 * The delay notices of open updates. Best effort: they live in memory, the answer carries the whole journal.
 *
 * @spec R2
 */
export class NoticeBoard {
  readonly #notices = new Map<string, Notice>();
  readonly #clock: Clock;
  readonly #onDue: () => void;
  #due = false;
  #timer: Timer | undefined;

  /** @param onDue called when notices are to go up */
  constructor(clock: Clock, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** Some notice is to go up now. */
  get due(): boolean {
    return this.#due;
  }

  /** Whether a request is told of. */
  has(requestId: string): boolean {
    return this.#notices.has(requestId);
  }

  /** The request was taken: told at once, with the first lines of its journal. */
  open(requestId: string, lines: readonly JournalLine[] = []): void {
    const steps = lines.map(journalStep);
    this.#notices.set(requestId, {
      phase: undefined,
      progress: undefined,
      transfer: undefined,
      steps,
      dirty: true,
    });
    this.#becomeDue();
  }

  /** What a node below tells of a request that only passes: as it is, with the next notices. */
  relay({ requestId, phase, progress, journal }: uplink.DelayNotice): void {
    if (!this.#notices.has(requestId)) this.open(requestId);
    const notice = this.#notices.get(requestId);
    if (notice === undefined) return;
    notice.progress = progress ?? notice.progress;
    notice.steps = [...notice.steps, ...(journal?.step ?? [])].slice(-MOST_STEPS_EACH);
    this.tell(requestId, phase === undefined ? {} : { phase });
  }

  /** Told with the next notices, within half a second. */
  tell(requestId: string, { phase, progress, lines = [] }: News): void {
    const notice = this.#notices.get(requestId);
    if (notice === undefined) return;
    notice.phase = phase ?? notice.phase;
    if (progress !== undefined) this.#advance(notice, progress);
    notice.steps = [...notice.steps, ...lines.map(journalStep)].slice(-MOST_STEPS_EACH);
    notice.dirty = true;
    this.#timer ??= this.#clock.schedule(PROGRESS_INTERVAL, () => this.#becomeDue(), { background: true });
  }

  #advance(notice: Notice, { doneBytes, totalBytes }: TransferProgress): void {
    const now = this.#clock.monotonic();
    const { transfer } = notice;
    const goesOn = transfer !== undefined && doneBytes >= transfer.lastBytes;
    const startedAt = goesOn ? transfer.startedAt : now;
    const startedWith = goesOn ? transfer.startedWith : doneBytes;
    notice.transfer = { startedAt, startedWith, lastBytes: doneBytes };
    const bytesPerSecond = Math.round(((doneBytes - startedWith) * 1_000) / Math.max(now - startedAt, 1));
    notice.progress = { doneBytes, totalBytes, ...(bytesPerSecond > 0 ? { bytesPerSecond } : {}) };
  }

  /** The notices told last may not have arrived: every open update is told of again. */
  repeat(): void {
    for (const notice of this.#notices.values()) notice.dirty = true;
    this.#due = this.#notices.size > 0;
  }

  /** The answer is there: nothing more is told. */
  close(requestId: string): void {
    this.#notices.delete(requestId);
  }

  /** Takes what is to be told, of at most so many updates. */
  take(most = MOST_NOTICES): readonly uplink.DelayNotice[] {
    const taken: uplink.DelayNotice[] = [];
    let steps = 0;
    let bytes = 0;
    this.#due = false;
    for (const [requestId, notice] of this.#notices) {
      if (!notice.dirty) continue;
      const told = wireNotice(requestId, notice);
      const further = sizeOfNotice(told);
      const tooMany = taken.length === most || steps + notice.steps.length > MOST_STEPS;
      if (tooMany || (taken.length > 0 && bytes + further > MOST_PART_BYTES)) {
        this.#due = true;
        break;
      }
      steps += notice.steps.length;
      bytes += further;
      taken.push(told);
      notice.steps = [];
      notice.progress = undefined;
      notice.dirty = false;
    }
    return taken;
  }

  /** Ends the timer. */
  stop(): void {
    this.#timer?.cancel();
  }

  #becomeDue(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#due = [...this.#notices.values()].some(({ dirty }) => dirty);
    if (this.#due) this.#onDue();
  }
}

const wireNotice = (requestId: string, { phase, progress, steps }: Notice): uplink.DelayNotice => ({
  requestId,
  ...(phase === undefined ? {} : { phase }),
  ...(progress === undefined ? {} : { progress }),
  ...(steps.length === 0 ? {} : { journal: { step: steps } }),
});
