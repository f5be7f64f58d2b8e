import { resolve } from 'node:path';
import type { Closable } from '@postern/core';
import type { UpdateView } from '@postern/management-server/client';
import { RealTopology } from '@postern/testbed';
import { describeError, reportError } from '../output/report-error.ts';
import { createUpdatePrinter, type UpdatePrinter } from '../output/update-printer.ts';
import { measureImage } from '../software-files.ts';
import { demoSites, FIRST_DEVICE, FIRST_SITE, type SiteLetter } from './demo-sites.ts';
import { defaultImage, firstUpdate } from './first-update.ts';

export interface DemoSettings {
  readonly once?: boolean;
  readonly json?: boolean;
  /** Any file; a native library of this installation unless given. */
  readonly image?: string;
  /** State directory. */
  readonly state: string;
  readonly deviceCount: number;
  readonly sites: readonly SiteLetter[];
}

/** A demo under way. `finished`: it has nothing more to do by itself. */
export interface Demo extends Closable {
  readonly finished: Promise<void>;
}

const MODEL = 'Postern MFP-100';

/** Starts the demo; failures are reported and set the exit code. */
export const runDemo = (settings: DemoSettings, stop: AbortSignal): Demo => {
  const printer = createUpdatePrinter(process.stdout, settings);
  let topology: RealTopology | undefined;
  const work = async (): Promise<void> => {
    const image = resolve(settings.image ?? defaultImage());
    // Refuse a bad image before anything is started.
    await measureImage(image);
    const directory = resolve(settings.state);
    printer.line(`Postern on this machine; its state is in ${directory}`, { event: 'demo', directory });
    const made = makeTopology(settings, printer);
    topology = made.topology;
    const started = topology.start();
    // The first update goes while the other sites start, and ends when one of them cannot.
    const failed = started.then(() => new Promise<never>(() => {}));
    await Promise.race([failed, made.firstSiteStarted]);
    const update = await Promise.race([
      failed,
      updateFirst(topology, image, settings.deviceCount, printer, stop),
    ]);
    if (update.state !== 'verified') process.exitCode = 1;
    if (!settings.once) {
      made.tellRest();
      await started;
      printer.line('Running until Ctrl-C.', { event: 'running' });
      await new Promise((resolve) => stop.addEventListener('abort', resolve, { once: true }));
    }
  };
  const finished = work().catch((error: unknown) => {
    if (stop.aborted) return;
    process.exitCode = settings.json ? jsonFailure(printer, error) : reportError(error);
  });
  return {
    finished,
    close: async () => {
      await topology?.close();
    },
  };
};

/** The steps of the first update are to be read in one piece: what starts meanwhile is told after it. */
const makeTopology = (settings: DemoSettings, printer: UpdatePrinter) => {
  let firstStarted: () => void = () => {};
  const firstSiteStarted = new Promise<void>((resolve) => {
    firstStarted = resolve;
  });
  let kept: (() => void)[] | undefined;
  const topology = new RealTopology({
    directory: resolve(settings.state),
    run: 'processes',
    sites: demoSites(settings.sites, settings.deviceCount),
    onStarted: (tier, name, address, pid) => {
      const tell = () =>
        printer.line(startedLine(tier, name, address, pid), { event: 'started', tier, name, address, pid });
      if (kept === undefined) tell();
      else kept.push(tell);
      if (tier !== 'devices' || name !== FIRST_SITE) return;
      kept = [];
      firstStarted();
    },
  });
  const tellRest = (): void => {
    for (const tell of kept ?? []) tell();
    kept = undefined;
  };
  return { topology, firstSiteStarted, tellRest };
};

const startedLine = (tier: string, name: string, address: string, pid: number | undefined): string =>
  `  ${tier.padEnd(13)} ${name.padEnd(15)} ${address}${pid === undefined ? '' : `  pid ${pid}`}`;

/** Of the device that the demo updates; the others are waited for, so that they are shown. */
const updateFirst = async (
  topology: RealTopology,
  image: string,
  deviceCount: number,
  printer: UpdatePrinter,
  stop: AbortSignal,
): Promise<UpdateView> => {
  const ids = Array.from({ length: deviceCount }, (_, at) => `printer-${at + 1}`);
  await topology.operator.devicesKnown(ids, stop);
  return firstUpdate({
    client: topology.operator.client,
    deviceId: FIRST_DEVICE,
    model: MODEL,
    image,
    vendorPrivateKeyFile: topology.files.vendorPrivateKeyFile,
    printer,
    stop,
  });
};

/** With `--json` a failure is an event too, and always the last one. */
const jsonFailure = (printer: UpdatePrinter, error: unknown): number => {
  const failure = describeError(error);
  printer.line(failure.message, { event: 'update-finished', state: 'failed', failure });
  return 1;
};
