// The programs that start the stack: which are there, what is missing, and how to get it.
import { spawnSync } from 'node:child_process';
import { installCommand, packageList } from '../package-list.js';

const COMMANDS = [['docker', 'compose'], ['docker-compose']];

const versionOf = ([file, ...args], env) => {
  const { status, stdout } = spawnSync(file, [...args, 'version', '--short'], { env, encoding: 'utf8' });
  return status === 0 ? stdout.trim().replace(/^v/, '') : undefined;
};

/** @returns every compose that there is, the newest first: { command, version } */
export const findComposes = (env) => {
  const found = COMMANDS.map((command) => ({ command, version: versionOf(command, env) }));
  const there = found.filter(({ version }) => version !== undefined);
  // Where the plugin has both names it is one.
  return there.filter(({ version }, at) => there.findIndex((one) => one.version === version) === at);
};

/** Names of what is missing. */
export const missingPrograms = (env) => {
  const client = spawnSync('docker', ['--version'], { env }).status === 0;
  const compose = findComposes(env).length > 0;
  return [
    ...(client ? [] : ['docker']),
    ...(compose ? [] : ['docker compose (v2) or docker-compose (1.29)']),
  ];
};

/** What to do about it. */
export const howToInstall = (missing) => `Missing: ${missing.join(', ')}. Any of these brings it:

  npm run test:compose -- --install     on Debian, as root: packages of the system; this command goes on then
  ${installCommand(packageList('compose')).join(' ')}
  Docker Desktop, or Docker Engine with its compose plugin, as Docker's own pages tell

Started is an engine here where none answers; that takes Linux, root and the program dockerd.`;

/** @throws where it is not root that asks, or apt-get fails */
export const installPrograms = () => {
  if (process.getuid?.() !== 0) throw new Error('--install runs apt-get, which only root may');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  for (const command of [
    ['apt-get', 'update', '-q'],
    installCommand(['-q', '-y', ...packageList('compose')]),
  ]) {
    const [file, ...args] = command;
    if (spawnSync(file, args, { env, stdio: ['ignore', 'inherit', 'inherit'] }).status !== 0)
      throw new Error(`${command.join(' ')} failed`);
  }
};
