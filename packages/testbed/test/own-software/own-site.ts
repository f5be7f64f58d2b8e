import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { packageVersion } from '@postern/core';
import { type IntermediaryChoices, type Site, startSite } from '@postern/testbed';
import { afterwards, temporaryDirectory } from '../support/afterwards.ts';
import { FACTORY, PRINTER } from '../support/printer-site.ts';
import { provideInstalledCode } from './own-programs.ts';

/** The intermediary, which is a device of itself. */
export const OWN = 'site-a';

/** The version of the installed package. */
export const INSTALLED = packageVersion(new URL('../../../intermediary/package.json', import.meta.url));

const CHOICES: IntermediaryChoices = {
  uplink: { hold: 10, firstPause: 0.05, longestPause: 0.2 },
  policy: { transferTries: 3, retryPause: 0.05, longestPause: 0.2, restartTimeout: 30 },
};

/** A site in processes whose intermediary updates its own software. It ends with the test. */
export const openOwnSite = async (
  ownSoftware: Partial<NonNullable<IntermediaryChoices['ownSoftware']>> = {},
): Promise<Site> => {
  provideInstalledCode();
  const site = await startSite({
    processes: true,
    directory: await temporaryDirectory(),
    devices: [{ id: PRINTER, firmware: FACTORY }],
    intermediary: {
      ...CHOICES,
      ownSoftware: { bulk: { host: '127.0.0.1', port: 0 }, startLimit: 30, ...ownSoftware },
    },
  });
  afterwards(() => site.close());
  // Its ports are known now: programs that follow each other listen on the same ones.
  await site.intermediary.stop();
  await site.startIntermediary();
  await site.operator.devicesKnown([OWN, PRINTER]);
  return site;
};

/** The version that the server has of the intermediary's own software. */
export const ownVersion = async (site: Site): Promise<string | undefined> => {
  const { components } = await site.operator.client.device(OWN);
  return components.find(({ component }) => component === 'intermediary')?.version;
};

interface LogLine {
  readonly pid: number;
  readonly msg: string;
  readonly trial?: boolean;
  readonly version?: string;
}

/** What launcher and programs have logged since the launcher was started. */
export const logLines = async ({ files }: Site): Promise<readonly LogLine[]> => {
  const text = await readFile(join(files.processDirectory, 'intermediary.log'), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as LogLine);
};

/** The process of the program that runs now. */
export const programPid = async (site: Site): Promise<number> => {
  const ready = (await logLines(site)).findLast(({ msg }) => msg === 'The intermediary is ready');
  if (ready === undefined) throw new TypeError('No program has become ready yet');
  return ready.pid;
};

/** Whether the launcher has started a program of this version. */
export const programStarted = async (site: Site, version: string): Promise<boolean> =>
  (await logLines(site)).some((line) => line.msg === 'A program is started' && line.version === version);

/** Whether a part of a new image is in the slot. */
export const bytesArrived = async ({ files }: Site, slot: 'A' | 'B'): Promise<boolean> => {
  const image = join(files.intermediaryDataDir, 'own-software', 'slots', slot, 'intermediary.img');
  return (await stat(image).catch(() => ({ size: 0 }))).size > 0;
};
