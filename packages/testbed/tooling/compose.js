// Runs the stack of docker-compose.yml on a real engine (packages/testbed/test/compose): `npm run test:compose`. An engine is
// started where none answers, a base image made where there is no hub. However a run ends, nothing of it is left: what
// one that was killed could not clear, the next one does.
//   --install         first installs what is missing: Debian, root
//   --newer-compose   fetches, for this run, the compose plugin of the Debian after 12; the installed one is tried too
// Other arguments go to jest.
import { spawnSync } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { makeBaseImage } from './compose/base-image.js';
import { findEngine } from './compose/engine.js';
import { clearLeftovers, clearProjects } from './compose/leftovers.js';
import { fetchNewerCompose } from './compose/newer-compose.js';
import { findComposes, howToInstall, installPrograms, missingPrograms } from './compose/programs.js';
import { makeRunFolder, projectOf, removeRunFolder } from './compose/run-folder.js';
import { runTied } from './compose/tied.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const HUB_LIMIT = 60_000;
const NODE = 'node:20-bookworm';
const LOCAL_BASE = 'postern-base';

const OWN_OPTIONS = ['--install', '--newer-compose'];
const given = process.argv.slice(2);
const wants = (option) => given.includes(option);
const toJest = given.filter((option) => !OWN_OPTIONS.includes(option));

const clock = (what, since) => console.error(`${what}: ${((Date.now() - since) / 1_000).toFixed(1)} s`);

/** A second signal of the kind ends this process at once. */
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.once(signal, () => {
    process.exitCode = 128 + constants.signals[signal];
    console.error(`${signal}: taking the stack away`);
    stopping.abort(new Error(`Ended by ${signal}`));
  });
}
const stop = stopping.signal;

const isPulled = async (image, env) => {
  const patience = AbortSignal.any([stop, AbortSignal.timeout(HUB_LIMIT)]);
  try {
    const quiet = ['ignore', 'ignore'];
    return (await runTied(['docker', 'pull', '--quiet', image], patience, { env, stdio: quiet })) === 0;
  } catch {
    stop.throwIfAborted();
    return false;
  }
};

const buildImages = async (env, compose) => {
  const args = [];
  if (!((await isPulled(NODE, env)) && (await isPulled(`${NODE}-slim`, env)))) {
    const since = Date.now();
    const docker = (command) => {
      const { status, stderr } = spawnSync('docker', command, { env, encoding: 'utf8' });
      if (status !== 0) throw new Error(`docker ${command.join(' ')}: ${stderr.slice(-2_000)}`);
    };
    docker.command = (command) => ({ file: 'docker', args: command, options: { env } });
    await makeBaseImage(docker, [LOCAL_BASE], root);
    args.push('--build-arg', `NODE=${LOCAL_BASE}`, '--build-arg', `NODE_SLIM=${LOCAL_BASE}`);
    clock('No hub: base image made from this machine', since);
  }
  const since = Date.now();
  // As `docker compose up` does it, for both forms of the firewall.
  const build = [...compose, '--profile', 'nftables', 'build', '--quiet', ...args];
  if ((await runTied(build, stop, { cwd: root, env, stdio: [2, 2] })) !== 0)
    throw new Error('The images cannot be built');
  clock('Images built', since);
};

const runTests = async (env) => {
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const patterns = [
    ...['--testPathIgnorePatterns', '/node_modules/', '/dist/'],
    ...['--testPathPatterns', '/test/compose/'],
  ];
  const command = [process.execPath, ...jest, ...toJest, ...patterns];
  return (await runTied(command, stop, { cwd: root, env, stdio: [1, 2] })) ?? 1;
};

const testOn = async (engine, run) => {
  const env = { ...process.env };
  if (engine.host !== undefined) env.DOCKER_HOST = engine.host;
  if (wants('--newer-compose')) {
    try {
      env.DOCKER_CONFIG = fetchNewerCompose(run.folder);
    } catch (error) {
      console.error(`Not tried: a newer compose, which cannot be fetched: ${error.message}`);
    }
  }
  const composes = findComposes(env);
  console.error(composes.map(({ command, version }) => `Tried: ${command.join(' ')} ${version}`).join('\n'));
  await buildImages(env, composes[0].command);
  env.STACK_COMPOSES = JSON.stringify(composes);
  env.STACK_PROJECT = projectOf(run.folder);
  try {
    return await runTests(env);
  } finally {
    clearProjects(projectOf(run.folder), env);
  }
};

const main = async () => {
  if (wants('--install') && missingPrograms(process.env).length > 0) installPrograms();
  const missing = missingPrograms(process.env);
  if (missing.length > 0) throw new Error(howToInstall(missing));
  const run = await makeRunFolder();
  try {
    await clearLeftovers(process.env, stop);
    const engine = await findEngine(run.folder, stop);
    try {
      return await testOn(engine, run);
    } finally {
      await engine.close();
    }
  } finally {
    removeRunFolder(run);
  }
};

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error.message);
  process.exitCode ||= 1;
}
