import { type Clock, type Duration, Milliseconds, throwIfCancelled } from '@postern/core';
import type { UpdateStore } from '../updates/ports.ts';
import type { LiveUpdates } from './live-updates.ts';
import { isDecided, stepView, type UpdateEvent, updateView } from './update-view.ts';

/** Progress is told this often at most. */
const PROGRESS_INTERVAL: Duration = Milliseconds(250);

/**
 * Tells of an update from its first step to its end. Followed again from the last sequence that was seen, nothing is
 * missed.
 *
 * @param after journal lines up to this sequence are known already
 * @throws PosternError `cancelled` when the signal aborts, `operation-busy`
 */
export async function* followUpdate(
  {
    updates,
    live,
    clock,
  }: { readonly updates: UpdateStore; readonly live: LiveUpdates; readonly clock: Clock },
  jobId: string,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<UpdateEvent> {
  const follower = live.follow(jobId);
  let [last, toldAt] = [after, Milliseconds(Number.NEGATIVE_INFINITY)];
  try {
    for (;;) {
      throwIfCancelled(signal);
      const stored = updates.get(jobId);
      if (stored === undefined) return;
      for (const line of updates.journal(jobId)) {
        if (line.sequence <= last) continue;
        last = line.sequence;
        yield { type: 'step', step: stepView(line) };
      }
      if (isDecided(stored.state.phase)) {
        yield { type: 'finished', update: updateView(stored) };
        return;
      }
      const now = clock.monotonic();
      const progress = now - toldAt < PROGRESS_INTERVAL ? undefined : follower.takeProgress();
      if (progress !== undefined) {
        toldAt = now;
        yield { type: 'progress', progress };
      }
      await follower.news(signal);
    }
  } finally {
    follower.end();
  }
}
