import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Release } from '@postern/testbed';
import { ROOT } from '../support/root.ts';

export const MODEL = 'Postern Intermediary';

/** Where test programs find the code of the installed package. */
export const INSTALLED_CODE = 'INSTALLED_POSTERN';

/** What has to be in the environment of a launcher for its test programs to run. */
export const provideInstalledCode = (): void => {
  const main = join(ROOT, 'packages', 'cli', 'dist', 'main.js');
  if (!existsSync(main)) throw new TypeError(`${main} is not there: build first`);
  process.env[INSTALLED_CODE] = pathToFileURL(main).href;
};

/** Leaves a database that only it could read. */
const MIGRATES = `
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
const { argv, env } = process;
const { dataDir } = JSON.parse(readFileSync(argv[argv.indexOf('--config') + 1], 'utf8'));
const Sqlite = createRequire(env.${INSTALLED_CODE})('better-sqlite3');
const database = new Sqlite(dataDir + '/intermediary.db');
database.pragma('user_version = 999');
database.exec('DROP TABLE device');
process.kill(process.pid, 'SIGKILL');
`;

const GOOD = `const { run } = await import(process.env.${INSTALLED_CODE});\nawait run(process.argv);\n`;

/** What a program does when it is started. */
export const BEHAVIOURS = {
  good: GOOD,
  crashes: 'process.exit(3);\n',
  migrates: MIGRATES,
  hangs: 'setInterval(() => {}, 60_000);\n',
} as const;

export interface ProgramOptions {
  readonly version: string;
  readonly releaseCounter: number;
  readonly behaviour?: keyof typeof BEHAVIOURS;
  /** Makes the image longer, in bytes. */
  readonly ballast?: number;
  readonly model?: string;
  /** What the package.json says instead. */
  readonly claims?: string;
}

/** A release of the intermediary's own software. */
export const programRelease = (options: ProgramOptions): Release => {
  const {
    version,
    releaseCounter,
    behaviour = 'good',
    ballast = 0,
    model = MODEL,
    claims = version,
  } = options;
  const manifest = { name: 'test-program', version: claims, type: 'module', main: 'main.mjs' };
  const content = tarOf({
    'package.json': JSON.stringify(manifest),
    'main.mjs': BEHAVIOURS[behaviour],
    'lib/ballast.bin': Buffer.alloc(ballast, version),
  });
  return { version, releaseCounter, content, model, component: 'intermediary' };
};

const BLOCK = 512;

/** An uncompressed tar file (ustar). */
export const tarOf = (files: Readonly<Record<string, string | Uint8Array>>): Buffer =>
  Buffer.concat([
    ...Object.entries(files).flatMap(([path, content]) => {
      const bytes = Buffer.from(content);
      return [header(path, bytes.length), bytes, Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)];
    }),
    Buffer.alloc(2 * BLOCK),
  ]);

const header = (path: string, length: number): Buffer => {
  const block = Buffer.alloc(BLOCK);
  block.write(path, 0, 100, 'latin1');
  block.write('0000600\0', 100, 'latin1');
  block.write(`${length.toString(8).padStart(11, '0')}\0`, 124, 'latin1');
  block.write('        0', 148, 'latin1');
  block.write('ustar\x0000', 257, 'latin1');
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
};
