import { type Clock, type Duration, Seconds, withDeadline } from '@postern/core';
import {
  type BulkEndpoint,
  type BulkPath,
  type BulkSession,
  imageName,
  LONGEST_VERSION_REPORT,
  readVersionReport,
  versionReportName,
} from '@postern/software-update';
import type { FixedLogin } from './conventional-device.ts';

export interface ConventionalUpdate {
  readonly bulkPath: BulkPath;
  readonly endpoint: BulkEndpoint;
  readonly login: FixedLogin;
  readonly version: string;
  readonly image: () => AsyncIterable<Uint8Array>;
  readonly clock: Clock;
  /** How long the device may take to install and restart. Default 60 s. */
  readonly restartTimeout?: Duration;
}

/** How an update of the conventional scheme ended, as far as its updater can tell. */
export interface ConventionalOutcome {
  /** `verified`: the restarted device says that it runs the version. */
  readonly state: 'verified' | 'not-required' | 'failed';
  readonly before: string;
  readonly after: string;
}

const RESTART_TIMEOUT = Seconds(60);
const CLOSE_LIMIT = Seconds(2);

/**
 * The updater of the conventional scheme (Fig 26): the same ID and password at every login, the version report and the
 * image believed as they come.
 *
 * @throws PosternError of the bulk path, `deadline-exceeded`, `cancelled`
 * @spec P2
 */
export const updateConventionally = async (
  update: ConventionalUpdate,
  signal: AbortSignal,
): Promise<ConventionalOutcome> => {
  const { version, image, clock, restartTimeout = RESTART_TIMEOUT } = update;
  const before = await readVersion(update, signal);
  if (before === version) return { state: 'not-required', before, after: before };
  const session = await logIn(update, signal);
  try {
    await session.store(imageName('firmware'), image(), { offset: 0 }, signal);
    await withDeadline(clock, restartTimeout, 'The restart of the device', signal, () => session.closed);
  } finally {
    await session.close(CLOSE_LIMIT);
  }
  const after = await readVersion(update, signal);
  return { state: after === version ? 'verified' : 'failed', before, after };
};

/** S11, S15 */
const logIn = (
  { bulkPath, endpoint, login }: ConventionalUpdate,
  signal: AbortSignal,
): Promise<BulkSession> =>
  bulkPath.open(endpoint, { userName: login.userName, oneTimePassword: login.password }, signal);

/** S11–S13, and once more after S18 */
const readVersion = async (update: ConventionalUpdate, signal: AbortSignal): Promise<string> => {
  const session = await logIn(update, signal);
  try {
    const report = await session.retrieve(versionReportName(), LONGEST_VERSION_REPORT, signal);
    return readVersionReport(report).versions['firmware'] ?? '';
  } finally {
    await session.close(CLOSE_LIMIT);
  }
};
