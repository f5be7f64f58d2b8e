// A base image made from this machine's own node, npm, shell and libraries, for machines that reach no image registry.
// What the registry's image would have is named in the Dockerfile only: this one takes its name and place.
import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

/** What the Dockerfile's steps and the health checks run, beside node itself. */
const PROGRAMS = ['sh', 'env', 'cat', 'install', 'ls', 'mkdir', 'rm', 'tar', 'gzip', 'getent', 'sleep'];
/** For the profile `nftables`; left out where this machine has none. */
const FIREWALL_PROGRAMS = ['nft', 'ip'];

const TOP_LEVEL_LINKS = ['bin', 'lib', 'lib64', 'sbin'];

/**
 * @param docker how the engine's client is called: (arguments, options) => output
 * @param names the names that the image gets
 * @returns the image's identifier
 */
export const makeBaseImage = async (docker, names, root) => {
  const folder = mkdtempSync(join(tmpdir(), 'postern-base-'));
  try {
    const contents = fill(folder, root);
    const image = await importImage(docker, contents);
    for (const name of names) docker(['tag', image, name]);
    return image;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Everything of the image as [directory, paths in it]. */
const fill = (folder, root) => {
  mkdirSync(join(folder, 'tmp'));
  // Not left to the umask: a container's own /tmp is made after it, for all users.
  chmodSync(join(folder, 'tmp'), 0o1777);
  for (const empty of ['etc', 'root', 'proc', 'sys', 'dev']) mkdirSync(join(folder, empty));
  for (const link of TOP_LEVEL_LINKS) {
    if (existsSync(join('/usr', link))) symlinkSync(`usr/${link}`, join(folder, link));
  }
  const npm = dirname(dirname(realpathSync(which('npm'))));
  mkdirSync(join(folder, 'usr/local/bin'), { recursive: true });
  for (const [name, target] of [
    ['node', process.execPath],
    ['npm', join(npm, 'bin/npm-cli.js')],
    ['npx', join(npm, 'bin/npx-cli.js')],
  ]) {
    if (target !== `/usr/local/bin/${name}`) symlinkSync(target, join(folder, 'usr/local/bin', name));
  }
  addNpmSettings(folder);
  addCompiledModule(folder, root);
  const programs = [
    process.execPath,
    ...PROGRAMS.map(which),
    ...FIREWALL_PROGRAMS.map((name) => which(name, true)).filter((path) => path !== undefined),
  ];
  const files = new Set([...programs, ...librariesOf(programs)].flatMap(linksAndFile));
  const certificates = certificateFile();
  if (certificates !== undefined) for (const path of linksAndFile(certificates)) files.add(path);
  return [
    [folder, ['.']],
    ['/', [...files, npm].map((path) => path.slice(1))],
  ];
};

/** @returns the path of a program, through links; undefined where it may be missing */
const which = (name, optional = false) => {
  const { stdout } = spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin:/sbin command -v ${name}`], {
    encoding: 'utf8',
  });
  const path = stdout.trim();
  if (path !== '') return path;
  if (optional) return undefined;
  throw new Error(`This machine has no ${name}, which a base image needs`);
};

const librariesOf = (programs) => {
  const { stdout } = spawnSync(
    'ldd',
    programs.map((path) => realpathSync(path)),
    { encoding: 'utf8' },
  );
  return [...new Set(stdout.match(/\/\S*\.so\S*/g) ?? [])].filter((path) => existsSync(path));
};

/** A path with the links that lead to it, each in the directory where it really is. */
const linksAndFile = (path) => {
  const place = join(realpathSync(dirname(path)), basename(path));
  if (!lstatSync(place).isSymbolicLink()) return [place];
  return [place, ...linksAndFile(resolve(dirname(place), readlinkSync(place)))];
};

/** Where the packages come from is this machine's affair, and so is whose certificates it trusts. */
const addNpmSettings = (folder) => {
  for (const file of ['/etc/npmrc', '/usr/etc/npmrc', '/usr/local/etc/npmrc']) {
    if (!existsSync(file)) continue;
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    cpSync(file, join(folder, file));
  }
};

const certificateFile = () =>
  [process.env['NODE_EXTRA_CA_CERTS'], '/etc/ssl/certs/ca-certificates.crt'].find(
    (path) => path !== undefined && existsSync(path),
  );

/**
 * The database module as this machine has compiled it, where its installer looks before it downloads or compiles one:
 * a minute less, and no compiler in the image.
 */
const addCompiledModule = (folder, root) => {
  const require = createRequire(join(root, 'package.json'));
  const module = dirname(require.resolve('better-sqlite3/package.json'));
  const built = 'build/Release/better_sqlite3.node';
  if (!existsSync(join(module, built))) return;
  const { cachedPrebuild, getDownloadUrl } = require('prebuild-install/util.js');
  const { platform, arch } = process;
  const pkg = require('better-sqlite3/package.json');
  const name = basename(cachedPrebuild(getDownloadUrl({ pkg, platform, arch, 'tag-prefix': 'v' })));
  const cache = join(folder, 'root/.npm/_prebuilds');
  mkdirSync(cache, { recursive: true });
  const { status } = spawnSync('tar', ['-czf', join(cache, name), '-C', module, built]);
  if (status !== 0) throw new Error('The compiled database module cannot be packed');
};

const importImage = (docker, contents) =>
  new Promise((resolve, reject) => {
    const changes = [
      'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'ENV HOME=/root',
    ];
    const certificates = certificateFile();
    if (certificates !== undefined) changes.push(`ENV NODE_EXTRA_CA_CERTS=${certificates}`);
    const command = docker.command(['import', ...changes.flatMap((change) => ['--change', change]), '-']);
    const importing = spawn(command.file, command.args, {
      ...command.options,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const tar = spawn(
      'tar',
      ['-cf', '-', '--owner=0', '--group=0', ...contents.flatMap(([from, paths]) => ['-C', from, ...paths])],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    tar.stdout.pipe(importing.stdin);
    let output = '';
    importing.stdout.on('data', (chunk) => {
      output += chunk;
    });
    importing.once('error', reject);
    tar.once('error', reject);
    importing.once('close', (status) =>
      status === 0 ? resolve(output.trim()) : reject(new Error(`docker import ended with ${status}`)),
    );
  });
