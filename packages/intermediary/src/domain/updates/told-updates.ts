import type { StepObserver } from '@postern/contracts';
import { STEPS } from '@postern/software-update';
import type { UpdateStore } from './ports.ts';
import type { JournalLine } from './result.ts';

/**
 * A store of updates that tells each line of a journal once it has been written.
 *
 * @param name this intermediary's
 */
export const toldUpdates = (updates: UpdateStore, name: string, onStep: StepObserver): UpdateStore => {
  const tell = (
    { jobId: subject, deviceId: device }: { readonly jobId: string; readonly deviceId: string },
    lines: readonly JournalLine[],
  ): readonly JournalLine[] => {
    for (const { step, outcome, code } of lines) {
      const { direction } = STEPS[step];
      onStep({
        step,
        node: name,
        subject,
        device,
        outcome,
        direction,
        ...(code === undefined ? {} : { code }),
      });
    }
    return lines;
  };
  return {
    ...updates,
    add: (stored, steps, at) => tell(stored.job, updates.add(stored, steps, at)),
    commit: (job, state, steps, at) => tell(job, updates.commit(job, state, steps, at)),
  };
};
