import { after, type Clock, type Duration, Milliseconds, systemClock } from '@postern/core';

/** A clock of a node that somebody sets: it tells another time of day, but runs at the same pace. */
export interface SetClock extends Clock {
  /** From now on it is so far ahead; negative: behind. */
  set(ahead: Duration): void;
}

export const setClock = (ahead: Duration = Milliseconds(0)): SetClock => {
  let offset = ahead;
  return {
    ...systemClock,
    now: () => after(systemClock.now(), offset),
    set: (next) => {
      offset = next;
    },
  };
};
