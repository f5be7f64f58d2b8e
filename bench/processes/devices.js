/** Emulated devices, all in this process, for (c) and (d). */
import { systemClock, systemEntropy } from '@postern/core';
import { startDevices } from '@postern/device-emulator';
import { cpuSeconds, serve, settledMemory } from '../support/child.js';
import { benchLogger } from '../support/logger.js';

/** @type {import('@postern/device-emulator').DeviceFleet[]} */
const fleets = [];

serve(
  {
    /** Switches on a fleet more. @param {import('@postern/device-emulator').DeviceFleetConfigInput} config */
    start: async (config) => {
      fleets.push(
        await startDevices(config, {
          clock: systemClock,
          entropy: systemEntropy,
          logger: benchLogger('devices'),
        }),
      );
    },
    cpu: cpuSeconds,
    memory: settledMemory,
  },
  async () => {
    await Promise.all(fleets.map((fleet) => fleet.close()));
  },
);
