import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededEntropy } from '@postern/core/testing';
import { deviceDirectory } from '@postern/device-emulator';
import type { StepView, UpdateView } from '@postern/management-server/client';
import type { TargetRecord } from '@postern/software-update';
import {
  type IntermediaryChoices,
  type Release,
  type Site,
  type SiteOptions,
  startSite,
} from '@postern/testbed';
import { afterwards, temporaryDirectory } from './afterwards.ts';

/** The device that the tests update. */
export const PRINTER = 'printer-1';

export const FACTORY = {
  version: '1.0.0',
  releaseCounter: 1,
  content: Buffer.from('factory firmware\n'),
};

/** Bytes that look like an image: the same for the same version, and without any pattern. */
export const imageOf = (version: string, length = 200_000): Buffer =>
  Buffer.from(seededEntropy(version).bytes(length));

/** The release that the tests install unless they say otherwise. */
export const RELEASE: Release = { version: '2.0.0', releaseCounter: 2, content: imageOf('2.0.0') };

/** Pauses of a site in a hurry. Limits are as generous as elsewhere, but for the wait for a device that is gone. */
const QUICK: IntermediaryChoices = {
  uplink: { hold: 10, firstPause: 0.05, longestPause: 0.2 },
  policy: { transferTries: 3, retryPause: 0.05, longestPause: 0.2, restartTimeout: 20 },
};

type Printer = Omit<SiteOptions['devices'][number], 'id' | 'firmware'>;

export interface PrinterSiteOptions extends Omit<SiteOptions, 'directory' | 'devices'> {
  readonly printer?: Printer;
  readonly policy?: NonNullable<IntermediaryChoices['policy']>;
}

/** A site with one printer, all in this process, with taps. It ends with the test. */
export const openPrinterSite = async ({
  printer = {},
  policy,
  ...options
}: PrinterSiteOptions = {}): Promise<Site> => {
  const site = await startSite({
    taps: true,
    ...options,
    directory: await temporaryDirectory(),
    intermediary: { ...QUICK, ...options.intermediary, policy: { ...QUICK.policy, ...policy } },
    devices: [{ id: PRINTER, firmware: FACTORY, ...printer }],
  });
  afterwards(() => site.close());
  await site.operator.devicesKnown([PRINTER]);
  return site;
};

/** Registers the release and orders it for the printer. */
export const order = async (site: Site, release: Release = RELEASE): Promise<UpdateView> =>
  site.operator.order(PRINTER, await site.operator.register(release));

/** How an update ended, as far as all of them have it. */
export const ending = ({ state, failure, credential }: UpdateView) => ({
  state,
  failure: failure?.code ?? null,
  credential,
});

export const VERIFIED = { state: 'verified', failure: null, credential: 'erased' } as const;

/** Waits for the update's end and tells it. */
export const ended = async (site: Site, { id }: UpdateView) => ending(await site.operator.finished(id));

/** A journal as a list of `S107` (done) and `S108 failed: code`; what is the same several times in a row stands once. */
export const trail = async (site: Site, { id }: UpdateView): Promise<readonly string[]> =>
  (await site.operator.client.journal(id))
    .filter(({ outcome }) => outcome !== 'started')
    .map(lineOf)
    .filter((line, at, lines) => line !== lines[at - 1]);

const lineOf = ({ step, outcome, code }: StepView): string =>
  outcome === 'failed' ? `${step} failed: ${code}` : step;

const steps = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, at) => `S${from + at}`);

/** Parts of a trail by what they are for. */
export const TRAIL = {
  ordered: ['S101', 'IMAGE', 'S102'],
  shared: steps(103, 106),
  checked: steps(107, 110),
  transferred: ['S111', 'S112'],
  restarted: ['S113', 'S114', 'S115'],
  verified: steps(116, 119),
  reread: steps(116, 118),
  erased: steps(120, 123),
  reported: ['S124'],
} as const;

/** What the printer's NV-RAM holds for updates, as it lies on the disk. */
export const targetRecord = async (site: Site, id = PRINTER): Promise<TargetRecord> => {
  const path = join(deviceDirectory(site.files.deviceDataDir, id), 'nv-ram.json');
  const { content } = JSON.parse(await readFile(path, 'utf8')) as { content: { target: TargetRecord } };
  return content.target;
};

/**
 * Takes every fault from the printer, switches it off and on, and tells what it runs then. The boot loader starts
 * firmware only from a slot of which every image has the digest that was sealed.
 */
export const afterPowerCycle = async (site: Site) => {
  const printer = site.device(PRINTER);
  await printer.powerOff();
  printer.setFaults({});
  await printer.powerOn();
  return { program: printer.program, version: printer.versions['firmware'] };
};

/** The one-time password as somebody on the bulk path saw it last. */
export const capturedPassword = (site: Site): string => {
  const lines = site.taps(PRINTER).proxy.capture().control;
  const line = lines.findLast((candidate) => candidate.startsWith('> PASS '));
  if (line === undefined) throw new TypeError('Nobody has logged in yet');
  return line.slice('> PASS '.length);
};

/** Connections that the intermediary has opened to the printer's secure path. */
export const secureConnections = (site: Site): number => site.taps(PRINTER).secure.counters.forwarded;
