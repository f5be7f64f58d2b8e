import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { systemClock, systemEntropy } from '@postern/core';
import { openAuthority } from '@postern/pki';
import { generateVendorKey } from '@postern/software-update';

const POSTERN = fileURLToPath(new URL('../bin/postern.js', import.meta.url));

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'postern-steps-'));
  await openAuthority({ directory: join(directory, 'ca'), clock: systemClock, entropy: systemEntropy });
  await writeFile(join(directory, 'vendor.pub'), generateVendorKey().publicKeyPem);
  const configuration = {
    dataDir: join(directory, 'devices'),
    vendorKeyFiles: [join(directory, 'vendor.pub')],
    // Nobody listens there: a call for service takes its first step all the same.
    intermediary: { name: 'site-a', secureUrl: 'https://127.0.0.1:1/i', noticeUrl: 'http://127.0.0.1:1/i' },
  };
  await writeFile(join(directory, 'devices.json'), JSON.stringify(configuration));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

/** Calls for service at a device of a process, then looks at its panel. @returns the lines of standard output until then */
const called = async (...options: readonly string[]): Promise<readonly string[]> => {
  const common = ['--config', join(directory, 'devices.json'), '--count', '1', '--pki', directory];
  const argv = [POSTERN, 'device', ...common, '--interactive', '--log-level', 'silent', ...options];
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  const lines: string[] = [];
  let isAsked = false;
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (!isAsked && /ready/i.test(line)) {
      isAsked = true;
      child.stdin.write('{"command":"call-service","device":"mfp-1","reason":"noise"}\n');
      child.stdin.write('{"command":"energy-saver","device":"mfp-1"}\n');
    }
    if (/energy-saver|saving|awake/.test(line)) break;
  }
  child.kill();
  await exit;
  return lines;
};

test('--steps prints the steps that a process takes, as events with --json; without it none is printed', async () => {
  const told = (await called('--json', '--steps')).map((line) => JSON.parse(line) as { event: string });
  expect(told).toContainEqual(expect.objectContaining({ event: 'step', step: 'S701', node: 'mfp-1' }));
  expect((await called('--json')).filter((line) => line.includes('S701'))).toEqual([]);
}, 60_000);
