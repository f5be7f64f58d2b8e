import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  type Clock,
  createClosers,
  Instant,
  Milliseconds,
  Seconds,
  silentLogger,
  sleep,
  systemClock,
  withDeadline,
} from '@postern/core';
import { isAlive, VirtualClock } from '@postern/core/testing';
import { parseConfig } from '@postern/intermediary/launch';
import { generateVendorKey } from '@postern/software-update';
import { launchIntermediary } from '../../src/intermediary-launcher/launcher.ts';

let directory = '';
let closers = createClosers();
const path = (name: string): string => join(directory, name);

beforeEach(async () => {
  closers = createClosers();
  directory = await mkdtemp(join(tmpdir(), 'postern-launcher-'));
  await writeFile(path('vendor.pub'), generateVendorKey().publicKeyPem);
  await appendFile(path('starts'), '');
});
afterEach(async () => {
  await closers.close();
  await rm(directory, { recursive: true });
});

/** Launches an installed program that writes its start down and then does as the script says, which knows `starts`. */
const launch = async (script: string, clock: Clock = systemClock) => {
  const prelude = `
    const { appendFileSync, readFileSync } = require('node:fs');
    const file = ${JSON.stringify(path('starts'))};
    appendFileSync(file, process.argv.slice(2).join(' ') + ' pid=' + process.pid + '\\n');
    const starts = readFileSync(file, 'utf8').split('\\n').length - 1;
    const good = () => process.send({ postern: 'good-start' });
  `;
  await writeFile(path('program.cjs'), prelude + script);
  const config = parseConfig({
    dataDir: path('data'),
    identityDir: path('identity'),
    secure: { port: 0 },
    notice: { port: 0 },
    vendorKeyFiles: [path('vendor.pub')],
    ownSoftware: { bulk: { port: 0 } },
  });
  const { ownSoftware } = config;
  if (ownSoftware === undefined) throw new TypeError('It is configured');
  let end: (code: number) => void = () => {};
  const ended = new Promise<number>((resolve) => {
    end = resolve;
  });
  const launcher = await launchIntermediary({
    config,
    ownSoftware,
    installed: path('program.cjs'),
    argv: ['intermediary', '--config', 'x'],
    clock,
    logger: silentLogger,
    onEnded: end,
  });
  closers.add(() => launcher.close());
  return { launcher, ended };
};

const starts = async (): Promise<readonly string[]> =>
  (await readFile(path('starts'), 'utf8')).split('\n').slice(0, -1);

const until = (what: string, question: () => boolean | Promise<boolean>): Promise<void> =>
  withDeadline(systemClock, Seconds(15), what, undefined, async (signal) => {
    while (!(await question())) await sleep(systemClock, Milliseconds(10), signal);
  });

const pidOf = (line = ''): number => Number(/pid=(\d+)$/.exec(line)?.[1]);

/** @spec U21 */
test('a program is started with the arguments of the launcher, and again when it asks for it', async () => {
  const { ended } = await launch(
    'if (starts === 1) { good(); process.exitCode = 75; } else process.exitCode = 7;',
  );
  // The second one is no good: a committed program that cannot start is not tried for ever.
  expect(await ended).toBe(7);
  const lines = await starts();
  expect(lines).toHaveLength(2);
  for (const line of lines) {
    expect(line).toMatch(/^intermediary --config x --launched \S+ --stop-with-parent pid=\d+$/);
  }
});

/** @spec U21 */
test('a program that had started well and dies is started again', async () => {
  const { ended } = await launch(
    "if (starts === 1) { good(); setTimeout(() => process.kill(process.pid, 'SIGKILL'), 50); } else process.exitCode = 7;",
  );
  expect(await ended).toBe(7);
  expect(await starts()).toHaveLength(2);
});

/** @spec U21 */
test('a program ends with its launcher', async () => {
  const { launcher, ended } = await launch(
    "good(); process.stdin.resume().once('end', () => process.exit());",
  );
  await until('the program runs', async () => (await starts()).length === 1);
  const [line] = await starts();
  await launcher.close();
  expect(isAlive(pidOf(line))).toBe(false);
  expect(await Promise.race([ended, Promise.resolve('not told')])).toBe('not told');
});

/** @spec U21 */
test('a program that does not end when it is asked to is killed', async () => {
  const clock = new VirtualClock(Instant(0));
  const { launcher } = await launch('good(); setInterval(() => {}, 1000);', clock);
  await until('the program runs', async () => (await starts()).length === 1);
  const [line] = await starts();
  const closing = launcher.close();
  expect(isAlive(pidOf(line))).toBe(true);
  await clock.advance(Seconds(4));
  await closing;
  expect(isAlive(pidOf(line))).toBe(false);
});

/** @spec U21 */
test('a second launcher does not come up beside the first', async () => {
  await launch("good(); process.stdin.resume().once('end', () => process.exit());");
  await expect(launch('')).rejects.toMatchObject({ code: 'directory-in-use' });
});
