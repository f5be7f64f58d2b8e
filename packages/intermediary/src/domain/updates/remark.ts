import type { JournalEntry } from '@postern/software-update';

/** A remark for operators stands with the last step that is written. */
export const withRemark = (
  steps: readonly JournalEntry[],
  remark: string | undefined,
): readonly JournalEntry[] => {
  const last = steps.at(-1);
  if (remark === undefined || last === undefined) return steps;
  const detail = last.detail === undefined ? remark : `${last.detail}; ${remark}`;
  return [...steps.slice(0, -1), { ...last, detail }];
};
