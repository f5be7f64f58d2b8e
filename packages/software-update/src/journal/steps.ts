/** The catalogue of steps: what users see of an update, numbered as in the figures (Fig 13, 17, 21, 22, 24). */

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

/**
 * Every step with its path and direction. `IMAGE` and `ORDER` have no number in the figures: the site fetches the
 * image itself, and may order it itself. Which of them an update passes: {@link stepsOf}.
 */
export const STEPS = {
  ORDER: step('update ordered at the site', 'local', 'inside'),
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

  // Fig 21, Fig 23: the device makes the password.
  S401: step('one-time password asked for', 'notice', 'to-device'),
  S402: step('device makes a one-time password', 'local', 'inside'),
  S403: step('secure path opened', 'secure', 'from-device'),
  S404: step('one-time password sent', 'secure', 'from-device'),
  S405: step('one-time password stored here', 'local', 'inside'),
  S406: step('secure path closed', 'secure', 'from-device'),

  // Fig 22: ordered at the panel; from S413 on as S102 to S106.
  S411: step("update ordered at the device's panel", 'local', 'inside'),
  S412: step('device asks for a one-time password', 'secure', 'from-device'),
  S413: step('one-time password made', 'local', 'inside'),
  S414: step('secure path opened', 'secure', 'to-device'),
  S415: step('one-time password and manifest sent', 'secure', 'to-device'),
  S416: step('one-time password stored', 'secure', 'from-device'),
  S417: step('secure path closed', 'secure', 'to-device'),

  // Fig 24: the device sends the erasure.
  S421: step('secure path opened', 'secure', 'from-device'),
  S422: step('erasure sent by the device', 'secure', 'from-device'),
  S423: step('one-time password forgotten here', 'local', 'inside'),
  S424: step('one-time password ended at the device', 'local', 'inside'),
  S425: step('secure path closed', 'secure', 'from-device'),

  // Fig 13: passwords from a list.
  S41: step('next password of the list taken', 'local', 'inside'),
  S42: step('logged in', 'bulk', 'to-device'),
  S43: step('version report read', 'bulk', 'from-device'),
  S44: step('logged out', 'bulk', 'to-device'),
  S45: step('device told that the password is used', 'notice', 'to-device'),
  S46: step('device marks the password as used', 'local', 'inside'),
  S47: step('device confirms', 'notice', 'from-device'),
  S48: step('password marked as used here', 'local', 'inside'),
  S50: step('logged in', 'bulk', 'to-device'),
  S51: step('image sent', 'bulk', 'to-device'),
  S52: step('device updates when its jobs are done', 'local', 'inside'),
  S53: step('device restarts, connection dropped', 'bulk', 'from-device'),
  S54: step('next password of the list taken', 'local', 'inside'),
  S55: step('logged in', 'bulk', 'to-device'),
  S56: step('version report read again', 'bulk', 'from-device'),
  S57: step('logged out', 'bulk', 'to-device'),
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
