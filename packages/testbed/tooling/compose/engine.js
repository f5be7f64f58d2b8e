// An engine for the time of a test: the one that answers, or one of its own with everything in the folder of the run.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startTied } from './tied.js';

const START_LIMIT = 40_000;
/** An engine gives its containers fifteen seconds. */
const STOP_LIMIT = 25_000;
const PAUSE = 250;

const FOLDER = 'engine';
const hostIn = (folder) => `unix://${join(folder, 'docker.sock')}`;

const answers = (host) => {
  const env = host === undefined ? process.env : { ...process.env, DOCKER_HOST: host };
  const { status } = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { env });
  return status === 0;
};

/**
 * @param run folder of the run
 * @param stop an AbortSignal: stops the engine
 * @returns { host, close }: `host` is undefined for an engine that was there; overlay2 is tried before vfs
 */
export const findEngine = async (run, stop) => {
  if (answers(undefined)) return { host: undefined, close: async () => {} };
  for (const driver of ['overlay2', 'vfs']) {
    const engine = await startEngine(join(run, FOLDER), stop, '--storage-driver', driver);
    if (engine !== undefined) return engine;
  }
  throw new Error(
    'No engine answers, and none can be started here, which takes Linux, root and dockerd (Debian: docker.io)',
  );
};

/**
 * The engine of a run that was killed, for clearing up: it alone knows what it has left in the kernel.
 *
 * @returns as findEngine; undefined where the run had none of its own
 */
export const reviveEngine = async (run, stop) => {
  const folder = join(run, FOLDER);
  if (!existsSync(folder)) return undefined;
  await endOf(folder);
  rmSync(join(folder, 'pid'), { force: true });
  const engine = await startEngine(folder, stop);
  if (engine === undefined)
    throw new Error(`The engine of a killed run cannot be started to clear up ${run}`);
  return engine;
};

/** Waits for the end of an engine that ends since its starter has, and helps in the end. */
const endOf = async (folder) => {
  const file = join(folder, 'pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8'));
  const lives = () => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder);
    } catch {
      return false;
    }
  };
  for (const deadline = Date.now() + STOP_LIMIT; lives(); await sleep(PAUSE)) {
    if (Date.now() > deadline) process.kill(pid, 'SIGKILL');
  }
};

/** @returns undefined where it ends at once, and says why */
const startEngine = async (folder, stop, ...options) => {
  mkdirSync(folder, { recursive: true });
  const host = hostIn(folder);
  const log = join(folder, 'log');
  const directories = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')];
  const output = openSync(log, 'w');
  const { child, end, ended } = startTied(
    'TERM',
    ['dockerd', ...options, ...directories, '--pidfile', join(folder, 'pid'), '--host', host],
    { stdio: [output, output] },
  );
  let over = false;
  const closed = ended.then(
    () => {
      over = true;
    },
    () => {
      over = true;
    },
  );
  const close = async () => {
    end();
    const insist = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT);
    await closed;
    clearTimeout(insist);
    unmountBelow(folder);
    rmSync(folder, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + START_LIMIT; Date.now() < deadline && !over; await sleep(PAUSE)) {
    if (stop.aborted) break;
    if (answers(host)) return { host, close };
  }
  const said = readFileSync(log, 'utf8').slice(-1_500);
  await close();
  stop.throwIfAborted();
  console.error(`The engine did not start (${options.join(' ')}):\n${said}`);
  return undefined;
};

/** What an engine that was killed has left mounted. */
const unmountBelow = (folder) => {
  if (!existsSync('/proc/self/mounts')) return;
  const places = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[1] ?? '')
    .filter((place) => place.startsWith(`${folder}/`));
  for (const place of places.reverse()) spawnSync('umount', ['--lazy', place]);
};
