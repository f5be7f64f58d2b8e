import type { TransferProgress } from '@postern/software-update';
import { intermediaryError } from '../../errors.ts';
import { Doorbell } from '../doorbell.ts';
import type { News } from '../uplink/notice-board.ts';

/** Who follows an update: woken by news of it. */
export interface Follower {
  /** Resolves when there was news since the last wait, or when the signal aborts. */
  news(signal: AbortSignal): Promise<void>;
  /** The progress told since the last call. */
  takeProgress(): TransferProgress | undefined;
  end(): void;
}

interface Listening {
  readonly jobId: string;
  readonly bell: Doorbell;
  progress: TransferProgress | undefined;
}

const MOST_FOLLOWERS = 64;

/** Wakes those who follow updates. What happened they read in the journal, so nothing queues up for a slow one. */
export class LiveUpdates {
  readonly #listening = new Set<Listening>();

  tell(jobId: string, { progress }: News): void {
    for (const follower of this.#listening) {
      if (follower.jobId !== jobId) continue;
      follower.progress = progress ?? follower.progress;
      follower.bell.ring();
    }
  }

  /** @throws PosternError `operation-busy` */
  follow(jobId: string): Follower {
    if (this.#listening.size >= MOST_FOLLOWERS) {
      throw intermediaryError('operation-busy', `${MOST_FOLLOWERS} updates are being followed already`);
    }
    const listening: Listening = { jobId, bell: new Doorbell(), progress: undefined };
    this.#listening.add(listening);
    return {
      news: (signal) => listening.bell.wait(signal),
      takeProgress: () => {
        const { progress } = listening;
        listening.progress = undefined;
        return progress;
      },
      end: () => {
        this.#listening.delete(listening);
      },
    };
  }
}
