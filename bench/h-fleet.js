import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { systemClock, systemEntropy } from '@postern/core';
import { generateVendorKey } from '@postern/software-update';
import { fleetMembers } from '../packages/cli/dist/device-fleet/fleet-plan.js';
import { prepareFleet } from '../packages/cli/dist/device-fleet/prepare-fleet.js';
import { startChild } from './support/children.js';
import { createIdentities } from './support/identities.js';
import { progress, report } from './support/report.js';
import { until, untilQuiet } from './support/until.js';
import { makeDirectory } from './support/workspace.js';

const MIB = 1_048_576;
const NAME = 'bench-site';

/** Longest wait until all devices have registered, in milliseconds. */
const REGISTRATION_LIMIT = 1_800_000;

/** A fleet in one process, idle and registered. @param {{ quick: boolean }} options */
export const run = async ({ quick }) => {
  const count = quick ? 500 : 5_000;
  const directory = await makeDirectory();
  const dataDir = join(directory, 'devices');
  const identities = await createIdentities(directory);
  const { directory: identityDir } = await identities.enrol('intermediary', NAME);
  const vendorKeyFile = join(directory, 'vendor.pub');
  await writeFile(vendorKeyFile, generateVendorKey().publicKeyPem);
  const members = fleetMembers({ count, prefix: 'mfp-', profile: 'mfp', pki: directory });
  await prepareFleet({
    members,
    pki: directory,
    dataDir,
    clock: systemClock,
    entropy: systemEntropy,
    signal: new AbortController().signal,
    onProgress: (ready) => {
      if (ready % 1_000 === 0) progress(`  ${ready} of ${count} devices made`);
    },
  });

  /** @param {number} devices */
  const measure = async (devices) => {
    const door = startChild('site-door.js');
    const port = await door.ask('start', identityDir);
    const child = startChild('devices.js', { nodeOptions: ['--expose-gc'] });
    const empty = await child.ask('memory');
    const before = await child.ask('cpu');
    const starting = performance.now();
    await child.ask('start', {
      dataDir,
      devices: members.slice(0, devices),
      intermediary: {
        name: NAME,
        secureUrl: `https://127.0.0.1:${port}/intermediary`,
        noticeUrl: `http://127.0.0.1:${port}/intermediary`,
      },
      vendorKeyFiles: [vendorKeyFile],
    });
    await until('all devices have registered', REGISTRATION_LIMIT, async () => {
      return (await door.ask('starts')) >= devices;
    });
    const started = performance.now() - starting;
    await untilQuiet(child);
    const cpu = (await child.ask('cpu')) - before;
    progress(`  ${devices} started and registered in ${(started / 1_000).toFixed(0)} s`);
    const full = await child.ask('memory');
    await child.stop();
    await door.stop();
    return { cpu, rss: full, growth: full - empty };
  };

  const one = await measure(1);
  const all = await measure(count);
  const baseline = { metric: 'process/1-device', samples: [one.rss / MIB] };
  report({ bench: 'h', metric: baseline.metric, unit: 'MiB', samples: baseline.samples });
  report({
    bench: 'h',
    metric: `process/${count}-devices`,
    unit: 'MiB',
    samples: [all.rss / MIB],
    baseline,
  });
  const perDevice = { metric: 'device/the-first', samples: [one.growth / 1_024] };
  report({ bench: 'h', metric: perDevice.metric, unit: 'KiB/device', samples: perDevice.samples });
  report({
    bench: 'h',
    metric: `device/each-of-${count}`,
    unit: 'KiB/device',
    samples: [all.growth / 1_024 / count],
    baseline: perDevice,
  });
  const firstStart = { metric: 'start/the-first', samples: [one.cpu * 1_000] };
  report({ bench: 'h', metric: firstStart.metric, unit: 'CPU-ms/device', samples: firstStart.samples });
  report({
    bench: 'h',
    metric: `start/each-of-${count}`,
    unit: 'CPU-ms/device',
    samples: [(all.cpu * 1_000) / count],
    baseline: firstStart,
  });
};
