// Debian 12 has docker-compose 1.29 alone. For the time of a test, the plugin of the release after it: fetched by apt from
// the mirror of this machine, checked by Debian's keys, unpacked in the folder of the run. Nothing is installed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const RELEASE = 'trixie';
const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';
const LIMIT = 90_000;

const run = (file, args) => {
  const { status, stdout, stderr, error } = spawnSync(file, args, { encoding: 'utf8', timeout: LIMIT });
  if (status === 0) return stdout;
  throw new Error(`${file} ${args.at(-1)}: ${error?.message ?? stderr.slice(-500)}`);
};

/**
 * @param folder of the run
 * @returns a directory for DOCKER_CONFIG, with which `docker compose` is the plugin
 * @throws where there is no apt, no mirror, or no such package
 */
export const fetchNewerCompose = (folder) => {
  const at = (...path) => join(folder, 'newer-compose', ...path);
  for (const directory of ['lists/partial', 'cache/archives/partial', 'config'])
    mkdirSync(at(directory), { recursive: true });
  writeFileSync(at('sources.list'), `deb [signed-by=${KEYS}] ${mirror()} ${RELEASE} main\n`);
  const apt = (...args) =>
    run('sh', [
      '-c',
      'cd "$0" && exec apt-get -q "$@"',
      at(),
      ...Object.entries({
        'Dir::State::lists': at('lists'),
        'Dir::Cache': at('cache'),
        'Dir::Etc::sourcelist': at('sources.list'),
        'Dir::Etc::sourceparts': '/dev/null',
        'APT::Sandbox::User': 'root',
        'Acquire::Languages': 'none',
      }).map(([key, value]) => `-o${key}=${value}`),
      ...args,
    ]);
  apt('update');
  apt('download', `docker-compose/${RELEASE}`);
  const packed = readdirSync(at()).find((name) => name.endsWith('.deb'));
  run('dpkg-deb', ['--extract', at(packed), at('unpacked')]);
  const config = { ...ownConfig(), cliPluginsExtraDirs: [at('unpacked/usr/libexec/docker/cli-plugins')] };
  writeFileSync(at('config/config.json'), JSON.stringify(config), { mode: 0o600 });
  return at('config');
};

const mirror = () => {
  const targets = run('apt-get', [
    'indextargets',
    '--format',
    '$(LABEL) $(SITE)',
    'Identifier: Packages',
  ]).split('\n');
  const site = targets.find((line) => line.startsWith('Debian '))?.split(' ')[1];
  if (site === undefined) throw new Error('apt knows no mirror of Debian');
  return site;
};

/** What the user has told the client, as who he is at a hub. */
const ownConfig = () => {
  const file = join(process.env['DOCKER_CONFIG'] ?? join(homedir(), '.docker'), 'config.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
};
