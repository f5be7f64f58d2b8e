import { startChild } from './support/children.js';
import { cpuOf, millisecondsEach, untilAllQuiet } from './support/cpu.js';
import { imageDigest } from './support/image.js';
import { progress, report } from './support/report.js';
import { until, untilQuiet } from './support/until.js';
import { startWholeSite } from './support/whole-site.js';
import { makeDirectory } from './support/workspace.js';

const KIB = 1_024;

/** Longest wait for one round of updates, in milliseconds. */
const LIMIT = 120_000;

/** @typedef {Awaited<ReturnType<typeof startWholeSite>>} WholeSite */

const TIERS = /** @type {const} */ (['server', 'intermediary', 'devices']);

/** @param {WholeSite} site */
const tierProcesses = (site) => ({
  server: site.server.child,
  intermediary: site.intermediary,
  devices: site.devices,
});

/**
 * Orders the release for the devices, all at once, and waits until each update is verified.
 *
 * @param {WholeSite} site @param {readonly string[]} names @param {{ version: string, releaseCounter: number, length: number }} release
 */
const updateAll = async (site, names, release) => {
  const { operator, child } = site.server;
  const software = await site.server.publish(release);
  const processes = tierProcesses(site);
  await untilAllQuiet(processes);
  const before = await cpuOf(processes);
  const started = performance.now();
  const ordered = await Promise.all(names.map((deviceId) => operator.orderUpdate({ deviceId, software })));
  for (const { id } of ordered) {
    await until(`update ${id} has ended`, LIMIT, async () => {
      const { state, finishedAt } = await operator.update(id);
      if (finishedAt === null) return false;
      if (state !== 'verified') throw new Error(`Update ${id} ended as ${state}`);
      return true;
    });
  }
  const seconds = (performance.now() - started) / 1_000;
  await untilQuiet(child);
  const count = ordered.length;
  const used = millisecondsEach(before, await cpuOf(processes), count);
  return { perSecond: count / seconds, tiers: TIERS.map((tier) => used[tier]) };
};

/**
 * The same image over FTP with nothing around it: login, upload, SHA-256 while it arrives.
 *
 * @param {{ sender: import('./support/children.js').Child, receiver: import('./support/children.js').Child }} processes
 * @param {number} length @param {number} count
 */
const bareUploads = async ({ sender, receiver }, length, count) => {
  const image = { length, sha256: imageDigest(length) };
  const cpu = async () => (await sender.ask('cpu')) + (await receiver.ask('cpu'));
  const endpoint = await receiver.ask('open', { kind: 'ftp', check: 'digest', image });
  const before = await cpu();
  for (let upload = 0; upload < count; upload += 1) await sender.ask('send', { endpoint, length });
  const used = (await cpu()) - before;
  await receiver.ask('close');
  return (used * 1_000) / count;
};

/** Updates of a whole site, against the bare upload of their images. @param {{ quick: boolean }} options */
export const run = async ({ quick }) => {
  const devices = quick ? 10 : 200;
  /** Devices that update once before anything is counted. */
  const warmUp = quick ? 10 : 40;
  const site = await startWholeSite(await makeDirectory());
  const bare = { sender: startChild('sender.js'), receiver: startChild('receiver.js') };
  await site.addDevices(devices);
  progress(`  ${devices} devices are registered`);
  let release = 1;
  // 200 updates of 8 MiB write 3 GiB: one round of them has to do.
  for (const [name, length, rounds] of /** @type {const} */ ([
    ['64KiB', 64 * KIB, quick ? 1 : 2],
    ['8MiB', 8 * KIB * KIB, 1],
  ])) {
    /** @type {number[]} */
    const perSecond = [];
    /** @type {number[][]} */
    const tiers = [];
    /** @type {number[]} */
    const uploads = [];
    for (let round = release === 1 ? 0 : 1; round <= rounds; round += 1) {
      release += 1;
      const next = { version: `${release}.0`, releaseCounter: release, length };
      const upload = await bareUploads(bare, length, Math.min(devices, 50));
      const whole = await updateAll(site, site.names.slice(0, round === 0 ? warmUp : devices), next);
      progress(`  ${name}: ${whole.perSecond.toFixed(1)} updates/s${round === 0 ? ' (warm-up)' : ''}`);
      if (round === 0) continue;
      uploads.push(upload);
      tiers.push(whole.tiers);
      perSecond.push(whole.perSecond);
    }
    const unit = 'CPU-ms/update';
    const baseline = { metric: `${name}/bare-ftp-upload`, samples: uploads };
    report({ bench: 'c', metric: `${name}/updates`, unit: 'updates/s', samples: perSecond });
    report({ bench: 'c', metric: baseline.metric, unit, samples: uploads });
    for (const [index, tier] of TIERS.entries()) {
      const samples = tiers.map((round) => round[index] ?? Number.NaN);
      report({ bench: 'c', metric: `${name}/${tier}`, unit, samples, baseline });
    }
    const all = tiers.map((round) => round.reduce((sum, tier) => sum + tier, 0));
    report({ bench: 'c', metric: `${name}/all-tiers`, unit, samples: all, baseline });
  }
  await Promise.all([bare.sender.stop(), bare.receiver.stop()]);
  await site.stop();
};
