// Runs the stack of docker-compose.yml on a real engine (packages/testbed/test/compose): `npm run test:compose`. Arguments
// go to jest. An engine is started where none answers, a base image made where there is no hub. Installs nothing.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeBaseImage } from './compose/base-image.js';
import { findEngine } from './compose/engine.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const HUB_LIMIT = 60_000;
const NODE = 'node:20-bookworm';
const LOCAL_BASE = 'postern-base';

const works = (command) => {
  const [file, ...args] = command.split(' ');
  return spawnSync(file, [...args, 'version'], { stdio: 'ignore' }).status === 0;
};

const compose = ['docker compose', 'docker-compose'].find(works);
if (compose === undefined || spawnSync('docker', ['--version']).error !== undefined) {
  const packages = readFileSync(new URL('compose-packages.txt', import.meta.url), 'utf8')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((name) => name !== '');
  console.error(`Missing: docker and docker compose. Install, on Debian, with\n`);
  console.error(`  apt-get install --no-install-recommends ${packages.join(' ')}\n`);
  process.exit(1);
}

const clock = (what, since) => console.error(`${what}: ${((Date.now() - since) / 1_000).toFixed(1)} s`);

const run = async (engine) => {
  const env = { ...process.env, POSTERN_COMPOSE: compose };
  if (engine.host !== undefined) env.DOCKER_HOST = engine.host;
  const docker = (args, options = {}) => {
    const { status, stdout, stderr } = spawnSync('docker', args, {
      cwd: root,
      env,
      encoding: 'utf8',
      ...options,
    });
    if (status !== 0) throw new Error(`docker ${args.join(' ')}: ${(stderr ?? '').slice(-2_000)}`);
    return stdout;
  };
  docker.command = (args) => ({ file: 'docker', args, options: { env } });

  const args = [];
  const hub = [NODE, `${NODE}-slim`].every(
    (image) => spawnSync('docker', ['pull', '--quiet', image], { env, timeout: HUB_LIMIT }).status === 0,
  );
  if (!hub) {
    const since = Date.now();
    await makeBaseImage(docker, [LOCAL_BASE], root);
    args.push('--build-arg', `NODE=${LOCAL_BASE}`, '--build-arg', `NODE_SLIM=${LOCAL_BASE}`);
    clock('No hub: base image made from this machine', since);
  }
  for (const [target, image] of [
    ['nftables', 'postern-stack-nftables'],
    ['postern', 'postern-stack'],
  ]) {
    const since = Date.now();
    const file = 'packages/cli/container/Dockerfile';
    docker(['build', '--quiet', '--file', file, '--target', target, '--tag', image, ...args, '.']);
    clock(`Image ${image} built`, since);
  }
  const jest = ['--experimental-vm-modules', '--no-warnings', 'node_modules/jest/bin/jest.js'];
  const patterns = [
    '--testPathIgnorePatterns',
    '/node_modules/',
    '/dist/',
    '--testPathPatterns',
    '/test/compose/',
  ];
  const { status } = spawnSync(process.execPath, [...jest, ...process.argv.slice(2), ...patterns], {
    cwd: root,
    env,
    stdio: 'inherit',
  });
  return status ?? 1;
};

const engine = await findEngine();
try {
  process.exitCode = await run(engine);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await engine.close();
}
