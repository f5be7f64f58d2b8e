// Runs the built devices in a process of their own: `node run-devices.mjs CONFIG-AS-JSON`. Prints their addresses.
import { silentLogger, systemClock, systemEntropy } from '@postern/core';
import { startDevices } from '@postern/device-emulator';

const ports = { clock: systemClock, entropy: systemEntropy, logger: silentLogger };
const { devices } = await startDevices(JSON.parse(process.argv[2] ?? ''), ports);
const addresses = [...devices.values()].map(({ id, securePath }) => ({ id, securePath }));
process.stdout.write(`${JSON.stringify(addresses)}\n`);
