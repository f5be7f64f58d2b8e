import { after, Hours, Minutes } from '@postern/core';
import {
  DEFAULT_POLICY,
  DEFAULT_SCHEME,
  initialState,
  type ListScheme,
  type OneTimeScheme,
  type Phase,
  type UpdateCredential,
  type UpdateJob,
  type UpdaterEvent,
  type UpdaterState,
  type UpdateScheme,
} from '@postern/software-update';
import { makeManifest, RELEASE, START, sign } from '../support/software.ts';

const manifest = makeManifest(RELEASE);

export const JOB: UpdateJob = {
  jobId: 'job-1',
  deviceId: 'mfp-1',
  updaterId: 'site-1',
  manifest,
  signedManifest: sign(manifest),
  deadline: after(START, Hours(1)),
  policy: DEFAULT_POLICY,
  scheme: DEFAULT_SCHEME,
};

/** Fig 21, and Fig 13: what differs from the default scheme in more than numbers. */
export const TARGET_MADE: OneTimeScheme = { ...DEFAULT_SCHEME, passwordGenerator: 'target' };
export const LISTED: ListScheme = { credential: 'password-list', orderedBy: 'server', bulkPathKind: 'ftp' };

export const jobOf = (scheme: UpdateScheme): UpdateJob => ({ ...JOB, scheme });

export const CREDENTIAL: UpdateCredential = {
  userName: 'site-1',
  oneTimePassword: 'p'.repeat(43),
  reportKey: '5a'.repeat(32),
  nonce: 'ab'.repeat(16),
};

/** What came in place of the credential before it: made by the device, or the list's next. */
export const OTHER_CREDENTIAL: UpdateCredential = {
  ...CREDENTIAL,
  oneTimePassword: 'q'.repeat(43),
  reportKey: 'a5'.repeat(32),
};

const TARGET = {
  endpoint: { host: 'device.invalid', port: 21 },
  manifestChecked: true,
  authenticatedReports: true,
};
export const NEW_VERSIONS = { firmware: '2.0', network: '3.1' };
export const OLD_VERSIONS = { firmware: '1.0', network: '3.1' };

const prepared: UpdaterState = { ...initialState, credential: CREDENTIAL, shared: 'maybe' };
const checked: UpdaterState = { ...prepared, shared: 'yes', target: TARGET };
const sending: UpdaterState = {
  ...checked,
  wanted: manifest.components.slice(0, 1),
  versions: OLD_VERSIONS,
  transfers: 1,
};
const sent: UpdaterState = { ...sending, returnBy: after(START, Minutes(5)) };
const decided: UpdaterState = { ...sent, versions: NEW_VERSIONS, wanted: [], outcome: { state: 'verified' } };

/** An ordinary state of each phase: the first transfer is under way or was the only one; `owing` has not erased. */
export const STATES: Readonly<Record<Phase, UpdaterState>> = {
  preparing: initialState,
  sharing: { ...prepared, phase: 'sharing' },
  checking: { ...checked, phase: 'checking' },
  transferring: { ...sending, phase: 'transferring' },
  restarting: { ...sent, phase: 'restarting' },
  rechecking: { ...sent, phase: 'rechecking' },
  erasing: { ...decided, phase: 'erasing' },
  reporting: { ...decided, phase: 'reporting' },
  owing: { ...decided, phase: 'owing' },
  finished: { ...withoutCredential(decided), phase: 'finished', erased: true },
};

/** The same states as another scheme has them. */
export const statesOf = (scheme: UpdateScheme): Readonly<Record<Phase, UpdaterState>> => {
  if (scheme.credential === 'password-list') {
    const { sharing, rechecking } = STATES;
    return {
      ...STATES,
      sharing: { ...withoutCredential(sharing), shared: 'no' },
      rechecking: { ...rechecking, passwordOver: true },
    };
  }
  return scheme.passwordGenerator === 'target'
    ? { ...STATES, sharing: withoutCredential(STATES.sharing) }
    : STATES;
};

function withoutCredential({ credential: _, ...state }: UpdaterState): UpdaterState {
  return state;
}

const now = START;
const failure = (code: string): UpdaterEvent => ({ type: 'failed', code, message: 'why', now });

/** Every type of event; those whose effect depends on what they say, once for each effect. */
export const EVENTS = {
  prepared: { type: 'prepared', credential: CREDENTIAL, detail: '', now },
  shared: { type: 'shared', target: TARGET, now },
  'shared: other password': { type: 'shared', target: TARGET, credential: OTHER_CREDENTIAL, now },
  'reported: new version': { type: 'reported', report: { versions: NEW_VERSIONS, activity: 'idle' }, now },
  'reported: old version': { type: 'reported', report: { versions: OLD_VERSIONS, activity: 'idle' }, now },
  'reported: still has jobs': {
    type: 'reported',
    report: { versions: OLD_VERSIONS, activity: 'waiting-for-jobs' },
    now,
  },
  'reported: did not start': {
    type: 'reported',
    report: { versions: OLD_VERSIONS, activity: 'idle', error: 'boot-failed' },
    now,
  },
  'reported: updater program': {
    type: 'reported',
    report: { versions: { firmware: 'unusable' }, activity: 'receiving', error: 'boot-failed' },
    now,
  },
  transferred: { type: 'transferred', detail: '', now },
  'already-installed': { type: 'already-installed', now },
  'connection-dropped': { type: 'connection-dropped', now },
  'start-notified': { type: 'start-notified', program: 'firmware', now },
  'not-returned': { type: 'not-returned', now },
  erased: { type: 'erased', now },
  acknowledged: { type: 'acknowledged', now },
  'credential-expired': { type: 'credential-expired', now },
  'failed: connection': failure('bulk-connection-lost'),
  'failed: digest': failure('digest-mismatch'),
  'failed: forged report': failure('version-report-forged'),
  'failed: refused': failure('wrong-model'),
  'failed: login refused': failure('bulk-login-refused'),
  'deadline-passed': { type: 'deadline-passed', now },
  cancelled: { type: 'cancelled', now },
} as const satisfies Record<string, UpdaterEvent>;

export type EventName = keyof typeof EVENTS;
