import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { type DeviceFleetConfigInput, deviceDirectory } from '@postern/device-emulator';
import { manufactureFleet } from './support/fleet.ts';
import { startSite } from './support/site.ts';
import { release } from './support/software.ts';
import { afterwards } from './support/temporary.ts';
import { type Target, update } from './support/updater.ts';

const SCRIPT = fileURLToPath(new URL('support/run-devices.mjs', import.meta.url));
const MIB = 1_048_576;

/** The built devices in a process of their own. */
const startProcess = async (
  config: DeviceFleetConfigInput,
): Promise<{ child: ChildProcess; target: Target }> => {
  const child = spawn(process.execPath, [SCRIPT, JSON.stringify(config)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  afterwards(() => kill(child));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  const [device] = JSON.parse(String(line)) as [Target['device']];
  return { child, target: { device } };
};

const kill = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
};

/** @spec X6 X5 */
test('an update survives kill -9 of the device while it receives, and again while it installs', async () => {
  const site = await startSite();
  const config = await manufactureFleet(site, 1);
  const image = join(deviceDirectory(config.dataDir, 'mfp-1'), 'slots', 'B', 'firmware.img');
  const { child, target } = await startProcess(config);
  let current = child;
  const killed: string[] = [];
  const killAt = async (where: string): Promise<void> => {
    killed.push(where);
    await kill(current);
    current = (await startProcess(config)).child;
  };
  let installing: Promise<void> | undefined;

  const outcome = await update(site, target, release('2.0', { length: 8 * MIB }), {
    onSent: async (bytes) => {
      if (bytes < 3 * MIB || killed.length > 0) return;
      while ((await stat(image)).size < MIB) await new Promise((resolve) => setImmediate(resolve));
      await killAt('receiving');
    },
    onStep: (step) => {
      if (step === 'S113 started') installing ??= killAt('installing');
    },
  });
  await installing;

  expect(killed).toEqual(['receiving', 'installing']);
  expect(outcome.state.outcome).toEqual({ state: 'verified' });
  expect(outcome.offsets).toHaveLength(2);
  expect(outcome.offsets[1]).toBeGreaterThanOrEqual(MIB);
  expect(outcome.secureRequests).toEqual(['share', 'erase']);
}, 60_000);
