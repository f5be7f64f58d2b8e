// Programs that end with the one that started them, however that ends.
import { spawn } from 'node:child_process';

/** In a group of its own, which ends when the pipe does: a Ctrl-C reaches it by the starter only. */
const TIED = 'exec 3<&0; (cat <&3 >/dev/null; kill -"$1" 0) & shift; exec "$@" 3<&- </dev/null';

/**
 * Starts a program whose whole group gets `signal` when `end` is called, or when this process is gone, after `kill -9`
 * too.
 *
 * @returns { child, end, ended }: `ended` is the exit code, null after a signal
 */
export const startTied = (signal, [file, ...args], { stdio = ['inherit', 'inherit'], ...options } = {}) => {
  const child = spawn('sh', ['-c', TIED, 'sh', signal, file, ...args], {
    ...options,
    stdio: ['pipe', ...stdio],
    detached: true,
  });
  child.stdin.on('error', () => {});
  const ended = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code));
  });
  // Whatever else is left of the group.
  ended.finally(() => child.stdin.end()).catch(() => {});
  return { child, end: () => child.stdin.end(), ended };
};

/**
 * Runs a program to its end.
 *
 * @param stop an AbortSignal: kills the program and all that it has started
 * @returns its exit code, null after a signal
 * @throws the reason of `stop`
 */
export const runTied = async (command, stop, options) => {
  stop.throwIfAborted();
  const { end, ended } = startTied('KILL', command, options);
  stop.addEventListener('abort', end, { once: true });
  try {
    const code = await ended;
    stop.throwIfAborted();
    return code;
  } finally {
    stop.removeEventListener('abort', end);
  }
};
