import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const SCRIPT = fileURLToPath(new URL('../../tooling/updater-program-size.js', import.meta.url));

interface Size {
  readonly own: { readonly modules: number; readonly bytes: number };
  readonly thirdParty: {
    readonly modules: number;
    readonly bytes: number;
    readonly packages: readonly string[];
  };
  readonly unwanted: readonly string[];
  readonly modules: readonly { readonly module: string }[];
}

/** @spec D5 */
test('the updater program, as it is built, is small and has nothing of TLS, XML or a database in it', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [SCRIPT, '--json']);
  const { own, thirdParty, unwanted, modules } = JSON.parse(stdout) as Size;
  expect(unwanted).toEqual([]);
  expect(thirdParty.packages).toEqual(['pino']);
  expect(modules.map(({ module }) => module)).toContain(
    'packages/device-emulator/dist/updater-program/updater-program.js',
  );
  expect(own.modules).toBeGreaterThan(30);
  // A generous bound: it is to be noticed when something big comes in by a side door.
  expect(own.bytes + thirdParty.bytes).toBeLessThan(600_000);
});
