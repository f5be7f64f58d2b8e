/** The catalogue of steps: what users see of an update, numbered as in Fig 17. */

export type StepPath = 'uplink' | 'secure' | 'bulk' | 'notice' | 'local';
export type StepDirection = 'to-device' | 'from-device' | 'to-server' | 'from-server' | 'inside';
export type StepOutcome = 'started' | 'done' | 'failed';

interface StepDescription {
  readonly title: string;
  readonly path: StepPath;
  readonly direction: StepDirection;
}

const step = (title: string, path: StepPath, direction: StepDirection): StepDescription => ({
  title,
  path,
  direction,
});

/** Every step with its path and direction. `IMAGE` has no number in the figure: the site fetches the image itself. */
export const STEPS = {
  S101: step('update ordered', 'uplink', 'from-server'),
  IMAGE: step('image fetched for the site and verified', 'uplink', 'from-server'),
  S102: step('one-time password made', 'local', 'inside'),
  S103: step('secure path opened', 'secure', 'to-device'),
  S104: step('one-time password and manifest sent', 'secure', 'to-device'),
  S105: step('one-time password stored', 'secure', 'from-device'),
  S106: step('secure path closed', 'secure', 'to-device'),
  S107: step('logged in', 'bulk', 'to-device'),
  S108: step('version report read', 'bulk', 'from-device'),
  S109: step('logged out', 'bulk', 'to-device'),
  S110: step('update required?', 'local', 'inside'),
  S111: step('logged in', 'bulk', 'to-device'),
  S112: step('image sent', 'bulk', 'to-device'),
  S113: step('device updates when its jobs are done', 'local', 'inside'),
  S114: step('device restarts, connection dropped', 'bulk', 'from-device'),
  S115: step('start notification', 'notice', 'from-device'),
  S116: step('logged in', 'bulk', 'to-device'),
  S117: step('version report read again', 'bulk', 'from-device'),
  S118: step('logged out', 'bulk', 'to-device'),
  S119: step('compared with what was sent', 'local', 'inside'),
  S120: step('secure path opened', 'secure', 'to-device'),
  S121: step('erasure password sent', 'secure', 'to-device'),
  S122: step('one-time password erased', 'secure', 'from-device'),
  S123: step('secure path closed', 'secure', 'to-device'),
  S124: step('result reported', 'uplink', 'to-server'),
} as const satisfies Record<string, StepDescription>;

export type StepId = keyof typeof STEPS;

/** One line of a journal, without its time and place in the sequence: the store adds those. */
export interface JournalEntry {
  readonly step: StepId;
  readonly outcome: StepOutcome;
  /** Why it failed. */
  readonly code?: string;
  /** For people: sizes, versions, tries. Never a secret. */
  readonly detail?: string;
}

export const started = (id: StepId, detail?: string): JournalEntry => entry(id, 'started', detail);
export const done = (id: StepId, detail?: string): JournalEntry => entry(id, 'done', detail);
export const failed = (id: StepId, code: string, detail?: string): JournalEntry => ({
  ...entry(id, 'failed', detail),
  code,
});

const entry = (id: StepId, outcome: StepOutcome, detail: string | undefined): JournalEntry =>
  detail === undefined ? { step: id, outcome } : { step: id, outcome, detail };
