import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { Days, systemClock } from '@postern/core';
import type { OperatorClient, SoftwareView, UpdateView } from '@postern/management-server/client';
import { cliError } from '../errors.ts';
import { formatBytes } from '../output/print.ts';
import type { UpdatePrinter } from '../output/update-printer.ts';
import { measureImage, signSoftware } from '../software-files.ts';
import { watchUpdate } from '../watch-update.ts';

const SOFTWARE = 'demo-firmware';

/** What a first update needs to know. The server knows the device already. */
export interface FirstUpdate {
  readonly client: OperatorClient;
  readonly deviceId: string;
  /** As the device reports it. */
  readonly model: string;
  /** Any file. */
  readonly image: string;
  readonly vendorPrivateKeyFile: string;
  readonly printer: UpdatePrinter;
  readonly stop: AbortSignal;
}

/** Signs, registers and orders the image as the release after the newest one, and shows how it goes. */
export const firstUpdate = async (wanted: FirstUpdate): Promise<UpdateView> => {
  const { client, deviceId, image, printer, stop } = wanted;
  await endOpenUpdates(client, printer, stop);
  const software = await registerImage(wanted);
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
  client: OperatorClient,
  printer: UpdatePrinter,
  stop: AbortSignal,
): Promise<void> => {
  for (const update of await client.listUpdates()) {
    if (update.finishedAt !== null) continue;
    printer.line(`Going on with update ${update.id} of an earlier run`, {
      event: 'resumed',
      updateId: update.id,
    });
    await watchUpdate(client, update.id, printer, stop, 'resumed-update-finished');
  }
};

const registerImage = async (wanted: FirstUpdate): Promise<SoftwareView> => {
  const { client, model, image, stop } = wanted;
  const release = 1 + highestCounter(await client.listSoftware());
  const { length, sha256 } = await measureImage(image);
  if (!(await client.hasImage(sha256))) {
    await client.putImage(sha256, length, createReadStream(image, { highWaterMark: 1 << 18 }), stop);
  }
  const request = {
    software: SOFTWARE,
    model,
    validFor: Days(365),
    components: [{ name: 'firmware', version: `1.0.${release}`, releaseCounter: release + 1, file: image }],
  };
  return client.registerSoftware(await signSoftware(systemClock, request, wanted.vendorPrivateKeyFile));
};

/** How many releases of the demo there have been: the factory's is the first. */
const highestCounter = (software: readonly SoftwareView[]): number =>
  Math.max(
    0,
    ...software.flatMap(({ components }) => components.map(({ releaseCounter }) => releaseCounter - 1)),
  );

/**
 * A real binary that is there after every installation.
 *
 * @throws PosternError `default-image-missing`
 */
export const defaultImage = (): string => {
  const require = createRequire(import.meta.url);
  try {
    const packageFile = require.resolve('better-sqlite3/package.json');
    return join(dirname(packageFile), 'build', 'Release', 'better_sqlite3.node');
  } catch (cause) {
    throw cliError('default-image-missing', 'The default image is not installed', cause);
  }
};
