import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { type Closable, Days, systemClock } from '@postern/core';
import type { SoftwareView, UpdateView } from '@postern/management-server/client';
import { RealTopology } from '@postern/testbed';
import { cliError } from '../errors.ts';
import { formatBytes } from '../output/print.ts';
import { describeError, reportError } from '../output/report-error.ts';
import { createUpdatePrinter, type UpdatePrinter } from '../output/update-printer.ts';
import { measureImage, signSoftware } from '../software-files.ts';
import { watchUpdate } from '../watch-update.ts';
import { demoSites, FIRST_DEVICE, FIRST_SITE, type SiteLetter } from './demo-sites.ts';

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
const SOFTWARE = 'demo-firmware';

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
      firstUpdate(topology, image, settings.deviceCount, printer, stop),
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

/** Signs, registers and orders the image as the release after the newest one, and shows how it goes. */
const firstUpdate = async (
  topology: RealTopology,
  image: string,
  deviceCount: number,
  printer: UpdatePrinter,
  stop: AbortSignal,
): Promise<UpdateView> => {
  const { client } = topology.operator;
  const deviceId = FIRST_DEVICE;
  const ids = Array.from({ length: deviceCount }, (_, at) => `printer-${at + 1}`);
  await topology.operator.devicesKnown(ids, stop);
  await endOpenUpdates(topology, printer, stop);
  const software = await registerImage(topology, image, stop);
  const [component] = software.components;
  const length = component?.length ?? 0;
  printer.line(
    `\nUpdate of ${deviceId} to firmware ${component?.version}: ${basename(image)}, ${formatBytes(length)}`,
    { event: 'update-ordered', deviceId, version: component?.version, image: basename(image), bytes: length },
  );
  const update = await client.orderUpdate({ deviceId, software: software.id, deadlineSeconds: 600 });
  return watchUpdate(client, update.id, printer, stop);
};

/** An update that an earlier, interrupted run left is brought to its end first. */
const endOpenUpdates = async (
  topology: RealTopology,
  printer: UpdatePrinter,
  stop: AbortSignal,
): Promise<void> => {
  for (const update of await topology.operator.client.listUpdates()) {
    if (update.finishedAt !== null) continue;
    printer.line(`Going on with update ${update.id} of an earlier run`, {
      event: 'resumed',
      updateId: update.id,
    });
    await watchUpdate(topology.operator.client, update.id, printer, stop, 'resumed-update-finished');
  }
};

const registerImage = async (
  topology: RealTopology,
  image: string,
  stop: AbortSignal,
): Promise<SoftwareView> => {
  const { client } = topology.operator;
  const release = 1 + highestCounter(await client.listSoftware());
  const { length, sha256 } = await measureImage(image);
  if (!(await client.hasImage(sha256))) {
    await client.putImage(sha256, length, createReadStream(image, { highWaterMark: 1 << 18 }), stop);
  }
  const request = {
    software: SOFTWARE,
    model: MODEL,
    validFor: Days(365),
    components: [{ name: 'firmware', version: `1.0.${release}`, releaseCounter: release + 1, file: image }],
  };
  return client.registerSoftware(
    await signSoftware(systemClock, request, topology.files.vendorPrivateKeyFile),
  );
};

/** How many releases of the demo there have been: the factory's is the first. */
const highestCounter = (software: readonly SoftwareView[]): number =>
  Math.max(
    0,
    ...software.flatMap(({ components }) => components.map(({ releaseCounter }) => releaseCounter - 1)),
  );

/** A real binary that is there after every installation. */
const defaultImage = (): string => {
  const require = createRequire(import.meta.url);
  try {
    const packageFile = require.resolve('better-sqlite3/package.json');
    return join(dirname(packageFile), 'build', 'Release', 'better_sqlite3.node');
  } catch (cause) {
    throw cliError('default-image-missing', 'The default image is not installed', cause);
  }
};

/** With `--json` a failure is an event too, and always the last one. */
const jsonFailure = (printer: UpdatePrinter, error: unknown): number => {
  const failure = describeError(error);
  printer.line(failure.message, { event: 'update-finished', state: 'failed', failure });
  return 1;
};
