import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Logger, systemClock, systemEntropy } from '@postern/core';
import {
  type Intermediary,
  type IntermediaryConfig,
  type IntermediaryConfigInput,
  parseConfig,
  startIntermediary,
} from '@postern/intermediary';
import { afterThisTest } from './directory.ts';
import type { ScriptedServer } from './scripted-server.ts';
import { VENDOR_PUBLIC_KEY } from './software.ts';
import type { World } from './world.ts';

export interface SiteSettings {
  /** Default `site-a`. */
  readonly name?: string;
  /** What it polls; without one it works alone, unless `changes` name another. */
  readonly server?: ScriptedServer;
  readonly changes?: Partial<IntermediaryConfigInput>;
}

/** An intermediary of a world, with its certificate: it retries soon, and listens where the system lets it. */
const siteConfig = async (
  world: World,
  { name = 'site-a', server, changes }: SiteSettings = {},
): Promise<IntermediaryConfig> => {
  const identity = { role: 'intermediary', name } as const;
  await world.enrol(identity);
  const vendorKeyFile = join(world.directory, 'vendor.pem');
  await writeFile(vendorKeyFile, VENDOR_PUBLIC_KEY);
  return parseConfig({
    dataDir: world.dataDirectory(name),
    identityDir: world.identityDirectory(identity),
    ...(server && { uplink: { url: server.url, serverName: 'server-1', firstPause: 0.05 } }),
    secure: { host: '127.0.0.1', port: 0 },
    notice: { host: '127.0.0.1', port: 0 },
    vendorKeyFiles: [vendorKeyFile],
    policy: { retryPause: 0.05, longestPause: 0.2, restartTimeout: 10 },
    ...changes,
  });
};

/** Starts it, over real sockets; it ends with the test. */
export const startSite = async (
  world: World,
  logger: Logger,
  settings?: SiteSettings,
): Promise<Intermediary> => {
  const surroundings = { clock: systemClock, entropy: systemEntropy, logger };
  const site = await startIntermediary(await siteConfig(world, settings), surroundings);
  afterThisTest(() => site.close());
  return site;
};
