// An engine for the time of a test: the one that answers, or one of its own with everything in a temporary directory.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const START_LIMIT = 40_000;
const STOP_LIMIT = 20_000;
const PAUSE = 250;

const answers = (host) => {
  const env = host === undefined ? process.env : { ...process.env, DOCKER_HOST: host };
  const { status } = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { env });
  return status === 0;
};

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE));

/** @returns { host, close }: `host` is undefined for an engine that was there; overlay2 is tried before vfs */
export const findEngine = async () => {
  if (answers(undefined)) return { host: undefined, close: async () => {} };
  if (process.getuid?.() !== 0) throw new Error('No engine answers, and only root can start one');
  for (const driver of ['overlay2', 'vfs']) {
    const engine = await startEngine(driver);
    if (engine !== undefined) return engine;
  }
  throw new Error('No engine answers, and none can be started');
};

const startEngine = async (driver) => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-engine-'));
  const host = `unix://${join(folder, 'docker.sock')}`;
  const log = join(folder, 'log');
  const directories = ['--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')];
  const output = openSync(log, 'w');
  const engine = spawn(
    'dockerd',
    ['--storage-driver', driver, ...directories, '--pidfile', join(folder, 'pid'), '--host', host],
    { stdio: ['ignore', output, output] },
  );
  let ended = false;
  const end = new Promise((resolve) => {
    engine.once('error', resolve);
    engine.once('exit', resolve);
  }).then(() => {
    ended = true;
  });
  const close = async () => {
    if (!ended) engine.kill('SIGTERM');
    const insist = setTimeout(() => engine.kill('SIGKILL'), STOP_LIMIT);
    await end;
    clearTimeout(insist);
    rmSync(folder, { recursive: true, force: true });
  };
  for (const deadline = Date.now() + START_LIMIT; Date.now() < deadline && !ended; await pause()) {
    if (answers(host)) return { host, close };
  }
  console.error(`The engine did not start with ${driver}:\n${readFileSync(log, 'utf8').slice(-1_500)}`);
  await close();
  return undefined;
};
