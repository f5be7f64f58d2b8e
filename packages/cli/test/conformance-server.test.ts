import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { startManagementServer } from '@postern/management-server';
import type { CheckResult } from '@postern/testbed/conformance';
import { run } from '../src/main.ts';
import { killing, openWorkplace, ports, type Workplace } from './support/workplace.ts';

const LINE = ['postern', 'conformance', 'server'];
const POSTERN = fileURLToPath(new URL('../bin/postern.js', import.meta.url));
let place: Workplace;
let uplink = '';
let operators: readonly string[] = [];

const path = (name: string): string => place.path(name);

beforeAll(async () => {
  place = await openWorkplace();
  await place.enrol('server', 'server');
  await place.enrol('intermediary', 'probe');
  await place.enrol('intermediary', 'second-probe');
  await place.enrol('device', 'outsider');
  const server = await place.running(
    startManagementServer(
      {
        dataDir: path('data'),
        identityDir: path('server'),
        uplink: { port: 0 },
        rest: { port: 0 },
      },
      ports,
    ),
  );
  uplink = `https://127.0.0.1:${server.uplinkPort}/uplink`;
  operators = [
    ...['--operator', `https://127.0.0.1:${server.restPort}/soap/operator`],
    ...['--operator-token-file', server.operatorTokenFile],
  ];
});
afterAll(() => place.close());

/** Runs the command as a process of its own, as somebody at a terminal does. */
const checked = async (...options: readonly string[]) => {
  const child = spawn(process.execPath, [
    ...[POSTERN, ...LINE.slice(1), '--target', uplink, '--identity', path('probe')],
    ...options,
  ]);
  await place.running(killing(child));
  const [[exitCode], out, errors] = await Promise.all([
    once(child, 'exit'),
    text(child.stdout),
    text(child.stderr),
  ]);
  return { exitCode: exitCode as unknown, out, errors };
};

const IDS = ['poll-answered', 'deliver-foreign', 'role-other', 'order-answered', 'operator-wrong-token'];

/** @spec R1 R3 */
test('a server is checked, with an operator and with others who have no part in it', async () => {
  const { exitCode, out, errors } = await checked(
    ...['--only', ...IDS, '--json', ...operators],
    ...['--other-identity', path('second-probe'), '--outsider', path('outsider')],
  );
  const results = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as CheckResult);
  expect(results.map(({ id, outcome, reason }) => [id, outcome, reason])).toEqual(
    results.map(({ id }) => [id, 'passed', undefined]),
  );
  expect(results.map(({ id }) => id).sort()).toEqual([...IDS].sort());
  expect([exitCode, errors]).toEqual([0, '']);
  const token = (await readFile(operators.at(-1) ?? '', 'utf8')).trim();
  expect(out).not.toContain(token);
}, 60_000);

test('what needs something that was not given is skipped in the table, and said in its last line', async () => {
  const { exitCode, out } = await checked('--only', ...IDS);
  expect(out).toMatch(/^passed +required +poll-answered +a poll/m);
  expect(out).toMatch(/^skipped +required +order-answered .*\n +It needs .*\n +→ .*--operator/m);
  expect(out.trim().split('\n').at(-1)).toBe(
    'Nothing that is required and was tried fails. Passed, required: 1 of 5. 4 skipped: they say what they need.',
  );
  expect(exitCode).toBe(0);
}, 60_000);

test('a server that fails something required ends it with 1, and says why', async () => {
  await writeFile(path('wrong.token'), 'wrong');
  const { exitCode, out } = await checked(
    ...[...operators.slice(0, 2), '--operator-token-file', path('wrong.token'), '--only', 'fleet-lists'],
  );
  expect(out).toMatch(/^FAILED +required +fleet-lists[\s\S]*token-required/m);
  expect(out).toContain('Not conforming');
  expect(exitCode).toBe(1);
}, 60_000);

test('options that do not belong together are refused', async () => {
  const errors = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  const refused = async (...options: readonly string[]) => {
    errors.mockClear();
    await run(['node', ...LINE, '--target', uplink, '--identity', path('probe'), ...options]);
    const exitCode = process.exitCode;
    process.exitCode = 0;
    return [exitCode, /\(([a-z-]+)\)\n/.exec(errors.mock.calls.join(''))?.[1]];
  };
  const [operator = '', url = ''] = operators;
  expect(await refused(operator, url)).toEqual([1, 'operator-access-missing']);
  expect(await refused('--operator-identity', path('probe'))).toEqual([1, 'operator-access-missing']);
  expect(await refused('--operator', 'http://127.0.0.1/')).toEqual([1, 'target-url-invalid']);
  expect(await refused('--only', 'unheard')).toEqual([1, 'check-unknown']);
  const [exitCode] = await refused(...operators, '--operator-identity', path('probe'));
  expect(exitCode).toBe(2);
  errors.mockRestore();
});
