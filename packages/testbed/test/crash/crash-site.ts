import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SoftwareView } from '@postern/management-server/client';
import { type Release, type Site, startSite } from '@postern/testbed';
import { FACTORY, imageOf } from '../support/printer-site.ts';
import { type CrashPoint, crashPoints, IMAGE_BYTES } from './crash-points.ts';

/** A tier that is killed, and how it comes back. */
export interface CrashTier {
  readonly name: string;
  /** A job of a device that is not killed has to end by itself. */
  readonly jobTime: Parameters<typeof crashPoints>[0];
  readonly kill: (site: Site) => Promise<void>;
  readonly restart: (site: Site) => Promise<void>;
}

export const CRASH_TIERS: readonly CrashTier[] = [
  {
    name: 'management server',
    jobTime: 'a-while',
    kill: (site) => site.server.kill(),
    restart: (site) => site.startServer(),
  },
  {
    name: 'intermediary',
    jobTime: 'a-while',
    kill: (site) => site.intermediary.kill(),
    restart: (site) => site.startIntermediary(),
  },
  {
    name: 'devices',
    jobTime: 'until-killed',
    kill: (site) => site.fleet.kill(),
    // The job went with the power.
    restart: (site) => site.startFleet({ 'printer-3': { faults: {} } }),
  },
];

/** A pattern that no chunk size divides. */
const image = Buffer.alloc(IMAGE_BYTES, imageOf('2.0.0', 4_099));

export const RELEASE: Release = {
  version: '2.0.0',
  releaseCounter: 2,
  content: image,
};
export const RELEASE_SHA256 = createHash('sha256').update(RELEASE.content).digest('hex');

/** A site whose devices are each at another point of an update when one of its tiers is killed. */
export class CrashSite {
  readonly site: Site;
  readonly points: readonly CrashPoint[];
  readonly #tier: CrashTier;
  readonly #updates = new Map<string, string>();
  #software: SoftwareView | undefined;
  /** ISO 8601; nothing of the update happened between this and the kill. */
  killedAt = '';

  private constructor(site: Site, points: readonly CrashPoint[], tier: CrashTier) {
    this.site = site;
    this.points = points;
    this.#tier = tier;
  }

  static async start(tier: CrashTier): Promise<CrashSite> {
    const points = crashPoints(tier.jobTime);
    const site = await startSite({
      directory: await mkdtemp(join(tmpdir(), 'postern-crash-')),
      processes: true,
      taps: true,
      devices: points.map(({ deviceId, rules, faults }) => ({
        id: deviceId,
        firmware: FACTORY,
        ...(rules && { rules }),
        ...(faults && { faults }),
      })),
      intermediary: {
        uplink: { hold: 5, exchangeTimeout: 10, firstPause: 0.05, longestPause: 0.2 },
        policy: { retryPause: 0.05, longestPause: 0.2, restartTimeout: 20, eraseTries: 1_000 },
      },
    });
    return new CrashSite(site, points, tier);
  }

  /** Orders an update for every device and brings each to its point. */
  async reachPoints(): Promise<void> {
    const { site, points } = this;
    const { operator } = site;
    await operator.devicesKnown(points.map(({ deviceId }) => deviceId));
    const software = await operator.register(RELEASE);
    this.#software = software;
    for (const { deviceId, prepare } of points) {
      prepare?.(site.taps(deviceId));
      this.#updates.set(deviceId, (await operator.order(deviceId, software)).id);
    }
    for (const { deviceId, reach } of points) {
      await reach({ site, operator, taps: site.taps(deviceId), updateId: this.updateOf(deviceId) });
    }
  }

  updateOf(deviceId: string): string {
    return this.#updates.get(deviceId) ?? '';
  }

  /** SIGKILL; then every link is whole again and the tier starts on what the killed process left. */
  async killAndRestart(): Promise<void> {
    const { site, points } = this;
    // Taken first: what the others make of the death belongs to the time after it.
    this.killedAt = new Date().toISOString();
    await this.#tier.kill(site);
    site.firewall.restore();
    for (const { deviceId } of points) {
      const { secure, bulk, proxy } = site.taps(deviceId);
      secure.restore();
      bulk.restore();
      proxy.resume();
    }
    await this.#tier.restart(site);
  }

  /** The same software again: its end shows that the site works on, and that whatever came before has come. */
  async orderAgain(deviceId: string): Promise<string> {
    const { operator } = this.site;
    if (this.#software === undefined) throw new TypeError('Nothing was ordered yet');
    return (await operator.order(deviceId, this.#software)).id;
  }

  /** Ends the site. Its directory stays until {@link remove}. */
  close(): Promise<void> {
    return this.site.close();
  }

  async remove(): Promise<void> {
    await rm(this.site.files.directory, { recursive: true, force: true });
  }
}
