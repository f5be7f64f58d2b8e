import type { Stores } from '../ports.ts';
import type { NoticeState } from './notice-state.ts';
import type { NoticeAnswer } from './records.ts';

/** How user calls are answered. */
export interface CallAnswering {
  /** `automatic`: at once, with `text`. `operator`: with a delay notice, until somebody answers. */
  readonly answering: 'automatic' | 'operator';
  readonly text: string;
  readonly pendingText: string;
  /** Calls of one intermediary that wait for an operator. */
  readonly mostOpen: number;
}

/** What a new delivery becomes, and what it is answered. */
export interface FirstAnswer {
  readonly state: NoticeState;
  readonly answer: NoticeAnswer;
}

const NOTED: FirstAnswer = { state: 'noted', answer: { outcome: 'succeeded', text: 'noted' } };

/**
 * @param isCall a person waits for the answer
 * @spec R3 R6
 */
export const firstAnswer = (
  stores: Pick<Stores, 'notices'>,
  { answering, text, pendingText, mostOpen }: CallAnswering,
  intermediary: string,
  isCall: boolean,
): FirstAnswer => {
  if (!isCall) return NOTED;
  if (answering === 'automatic') return { state: 'answered', answer: { outcome: 'succeeded', text } };
  if (stores.notices.countOpen(intermediary) >= mostOpen) {
    return {
      state: 'answered',
      answer: { outcome: 'failed', text: 'Too many calls wait already; please call again later' },
    };
  }
  return { state: 'open', answer: { outcome: 'pending', text: pendingText } };
};
