import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const WORKSPACE = fileURLToPath(new URL('../../../../', import.meta.url));

const run = promisify(execFile);

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** A package as it comes out of its tarball. */
export interface PackedPackage {
  readonly manifest: Manifest;
  readonly folder: string;
  /** Paths within the package. */
  readonly files: readonly string[];
}

/** Packs all packages. @returns each, unpacked where `installed` looks for it */
export const packAll = async (directory: string): Promise<readonly PackedPackage[]> => {
  await mkdir(join(directory, 'tarballs'));
  const { stdout } = await run(
    'npm',
    ['pack', '--workspaces', '--json', '--pack-destination', join(directory, 'tarballs')],
    { cwd: WORKSPACE, maxBuffer: 64 * 1024 ** 2, shell: process.platform === 'win32' },
  );
  const packed = JSON.parse(stdout) as { name: string; filename: string; files: { path: string }[] }[];
  return Promise.all(
    packed.map(async ({ name, filename, files }) => {
      const folder = join(directory, 'store', name.replace('/', '+'), 'node_modules', name);
      await mkdir(folder, { recursive: true });
      await run('tar', ['xzf', join(directory, 'tarballs', filename), '-C', folder, '--strip-components=1']);
      const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
      return { manifest, folder, files: files.map(({ path }) => path) };
    }),
  );
};

/**
 * Installs packed packages into an empty project: beside each lies what its manifest declares, and nothing else. What is
 * not of this workspace comes from the workspace's installation, for a test asks no registry.
 *
 * @returns the directory of the project
 */
export const installPacked = async (
  directory: string,
  packages: readonly PackedPackage[],
): Promise<string> => {
  const project = join(directory, 'project');
  const own = new Map(packages.map(({ manifest, folder }) => [manifest.name, folder]));
  for (const { manifest, folder } of packages) {
    const beside = dirname(dirname(folder));
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      await link(own.get(name) ?? installedInWorkspace(manifest.name, name), join(beside, name));
    }
    await link(folder, join(project, 'node_modules', manifest.name));
  }
  const command = join(own.get('@postern/cli') ?? '', 'bin', 'postern.js');
  await link(command, join(project, 'node_modules', '.bin', 'postern'));
  await writeFile(join(project, 'package.json'), '{ "private": true, "type": "module" }\n');
  return project;
};

const link = async (target: string, path: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  await symlink(target, path);
};

const installedInWorkspace = (dependent: string, name: string): string => {
  const own = join(WORKSPACE, 'packages', dependent.split('/')[1] ?? '', 'node_modules', name);
  return existsSync(own) ? own : join(WORKSPACE, 'node_modules', name);
};

/** The compiler of the workspace: types are for whoever compiles, and no package brings one. */
export const TYPESCRIPT = join(WORKSPACE, 'node_modules', 'typescript', 'bin', 'tsc');

/** Packages of types that every user of Node has. */
export const NODE_TYPES = join(WORKSPACE, 'node_modules', '@types', 'node');

export const runIn = async (
  cwd: string,
  ...argv: readonly string[]
): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> =>
  new Promise((resolve) => {
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([key]) => !/^(POSTERN|NODE|npm)_/.test(key)),
    );
    execFile(process.execPath, argv, { cwd, env, maxBuffer: 64 * 1024 ** 2 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
    });
  });
