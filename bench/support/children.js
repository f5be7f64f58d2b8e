import { fork } from 'node:child_process';

/**
 * Child processes of a benchmark, spoken to over IPC. A child ends by itself when its parent is gone
 * (see `serve` in child.js), so that no way of ending a run leaves one behind.
 */

/**
 * @typedef {object} ChildOptions
 * @property {number} [core] The processor core it is bound to, where `taskset` is there and the machine has several.
 * @property {readonly string[]} [nodeOptions] Options of node, e.g. `--expose-gc`.
 * @property {Readonly<Record<string, string>>} [env] Added to the environment.
 */

/**
 * @typedef {object} Child
 * @property {number} pid
 * @property {(command: string, argument?: unknown) => Promise<any>} ask Rejects when the command fails or the child ends.
 * @property {() => Promise<void>} stop
 */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/** Where children write CPU profiles when they end, if they shall. */
const PROFILES = process.env['POSTERN_BENCH_PROFILE'];

let started = 0;

/** @param {string} entry */
const profiling = (entry) => {
  started += 1;
  const name = `${started}-${entry.replace('.js', '')}.cpuprofile`;
  return PROFILES === undefined
    ? []
    : ['--cpu-prof', `--cpu-prof-dir=${PROFILES}`, `--cpu-prof-name=${name}`];
};

/** How long a child may take to end before it is killed, in milliseconds. */
const STOP_LIMIT = 5_000;

/**
 * @param {string} entry File name in bench/processes.
 * @param {ChildOptions} [options]
 * @returns {Child}
 */
export const startChild = (entry, options = {}) => {
  const { core, nodeOptions = [], env = {} } = options;
  const pinned = core === undefined ? undefined : ['-c', String(core), process.execPath];
  const child = fork(new URL(`../processes/${entry}`, import.meta.url), [], {
    env: { ...process.env, ...env },
    execArgv: [...(pinned ?? []), '--no-warnings', ...profiling(entry), ...nodeOptions],
    ...(pinned === undefined ? {} : { execPath: 'taskset' }),
    // Standard output belongs to the results.
    stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
    serialization: 'advanced',
  });
  running.add(child);
  /** @type {Map<number, { resolve: (value: any) => void, reject: (error: Error) => void }>} */
  const waiting = new Map();
  let last = 0;
  let stopping = false;

  /** @type {Promise<void>} */
  const ended = new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      running.delete(child);
      for (const { reject } of waiting.values()) reject(new Error(`${entry} ended (${signal ?? code})`));
      waiting.clear();
      resolve();
    });
  });
  child.once('error', (error) => {
    for (const { reject } of waiting.values()) reject(error);
  });
  child.on('message', (/** @type {any} */ { id, result, error }) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) asked?.resolve(result);
    else asked?.reject(new Error(`${entry}: ${error}`));
  });

  return {
    pid: child.pid ?? 0,
    ask: (command, argument) =>
      new Promise((resolve, reject) => {
        if (child.exitCode !== null || stopping) {
          reject(new Error(`${entry} has ended`));
          return;
        }
        last += 1;
        waiting.set(last, { resolve, reject });
        child.send({ id: last, command, argument });
      }),
    stop: async () => {
      stopping = true;
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT);
      await ended;
      clearTimeout(timer);
    },
  };
};

/** Ends all children at once, for a run that is broken off. */
export const killChildren = () => {
  for (const child of running) child.kill('SIGKILL');
};
