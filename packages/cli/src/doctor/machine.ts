import { errorMessage } from '@postern/core';
import { type Finding, fail, ok, warn } from './finding.ts';

/** The oldest Node that runs this, as in `engines` of the packages. */
const OLDEST = [20, 19] as const;

/** @param version as `process.versions.node` */
export const checkNode = (version: string): Finding => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const fits = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  const needed = OLDEST.join('.');
  return fits
    ? ok('node', `Node ${version}`)
    : fail('node', `Node ${version} is older than ${needed}`, `Install Node ${needed} or a later LTS line.`);
};

/** Loads the database's native module, and uses it. */
export const checkNativeModule = async (load: () => Promise<unknown> = useSqlite): Promise<Finding> => {
  try {
    await load();
    return ok('native module', 'better-sqlite3 works');
  } catch (error) {
    return fail(
      'native module',
      `better-sqlite3 does not load: ${errorMessage(error).split('\n')[0]}`,
      'Run `npm rebuild better-sqlite3` with this Node; without a prebuilt binary it needs python3, make and g++, and allowed install scripts.',
    );
  }
};

const useSqlite = async (): Promise<void> => {
  const { default: Sqlite } = await import('better-sqlite3');
  new Sqlite(':memory:').close();
};

/**
 * @param needed sockets and files that the configuration may need
 * @param limit  open files that the process may have; `undefined`: not known here
 */
export const checkDescriptors = (needed: number, limit: number | undefined): Finding => {
  if (limit === undefined) return ok('open files', 'their limit is not known on this system');
  return limit >= needed
    ? ok('open files', `${limit} may be open, about ${needed} are needed`)
    : warn(
        'open files',
        `${limit} may be open, about ${needed} are needed at most`,
        `Raise the limit: ulimit -n ${needed}, LimitNOFILE= of a systemd unit, --ulimit nofile= of a container.`,
      );
};
